"""Finds secrets in what a program prints. Fast where there is none: `bytes.find` decides."""

MULTILINE = b'-----BEGIN '
# What may still grow into a secret is at most this long when there is no line end in sight.
TOKEN_BYTES = 512


def lines_with(literal, text):
    """Ranges of `text` that a match around `literal` lies in: its line and the next, as white space
    in a pattern may be a line end. Patterns are slow, 40 MB/s; finding is not."""
    ranges = []
    at = text.find(literal)
    while at >= 0:
        begin = text.rfind(b'\n', 0, at) + 1
        end = text.find(b'\n', text.find(b'\n', at + len(literal)) + 1 or len(text))
        end = len(text) if end < 0 else end + 1
        if ranges and begin <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((begin, end))
        at = text.find(literal, end)
    return ranges


class Redactor:
    """`secrets` are (rule, value), `rules` are (rule, literal or None, pattern), all bytes.

    Of a pattern with a group, the first group is replaced; else all that it matched."""

    def __init__(self, secrets, rules):
        self.secrets = [(rule, value) for rule, value in secrets if value]
        self.rules = [(rule, literal, pattern) for rule, literal, pattern in rules]
        self.compiled = {}
        self.blocks = any(MULTILINE in (literal or b'') + pattern for _, literal, pattern in rules)
        self.longer = [value for _, value in self.secrets if b'\n' in value]
        self.counts = {}
        self.idle = not (self.secrets or self.rules)

    def redact(self, text, start=0):
        """`text[start:]` without secrets; what lies before `start` was written already and is
        there so that a secret that began in it is known."""
        spans = self.spans(text)
        if not spans:
            return text[start:]
        parts, at = [], start
        for begin, end, rule in sorted(spans):
            if end <= at:
                continue
            parts += text[at:max(at, begin)], b'[redacted: %s]' % rule
            name = rule.decode('utf-8', 'replace')
            self.counts[name] = self.counts.get(name, 0) + 1
            at = end
        return b''.join(parts) + text[at:]

    def spans(self, text):
        found = []
        for rule, value in self.secrets:
            at = text.find(value)
            while at >= 0:
                found.append((at, at + len(value), rule))
                at = text.find(value, at + len(value))
        lower, places = None, {}
        for number, (rule, literal, pattern) in enumerate(self.rules):
            folded = b'(?i' in pattern
            if literal and folded:
                lower = text.lower() if lower is None else lower
                if lower.find(literal.lower()) < 0:
                    continue
            elif literal:
                if literal not in places:
                    places[literal] = lines_with(literal, text)
                if not places[literal]:
                    continue
            whole = folded or not literal or MULTILINE in pattern
            for first, last in [(0, len(text))] if whole else places[literal]:
                for match in self.expression(number).finditer(text, first, last):
                    begin, end = match.span(1 if match.re.groups else 0)
                    if end > begin:
                        found.append((begin, end, rule))
        return found

    def expression(self, number):
        if number not in self.compiled:
            # Loaded at the first use: it is slow to load, and most programs print no secret.
            import re
            pattern = self.rules[number][2]
            try:
                self.compiled[number] = re.compile(pattern)
            except re.error:
                self.compiled[number] = re.compile(b'(?!)')
        return self.compiled[number]

    def whole_until(self, text, cut):
        """`cut`, or less where a secret of several lines has begun and not ended before it."""
        for value in self.longer:
            at = text.rfind(value[:value.index(b'\n') + 1], 0, cut)
            if at >= 0 and cut - at < len(value) and value.startswith(text[at:cut]):
                cut = at
        begin = text.rfind(MULTILINE, 0, cut) if self.blocks else -1
        if begin >= 0 and text.find(b'-----END ', begin, cut) < 0:
            cut = begin
        return cut

    def settled_until(self, text):
        """How much of an unfinished line can be shown: all but its last word, and the beginning
        of a known secret."""
        space = max(text.rfind(b' '), text.rfind(b'\t'), text.rfind(b'\n'), text.rfind(b'\r'))
        cut = max(space + 1, len(text) - TOKEN_BYTES)
        for _, value in self.secrets:
            for length in range(min(len(value) - 1, len(text)), 0, -1):
                if text.endswith(value[:length]):
                    cut = min(cut, len(text) - length)
                    break
        return self.whole_until(text, cut)
