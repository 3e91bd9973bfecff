"""Finds secrets in what a program prints. Fast where there is none: `bytes.find` decides."""

MULTILINE = b'-----BEGIN '
# How the patterns of words that begin with a literal begin themselves.
WORD_BEGIN = b'(?<![0-9A-Za-z])'
HEAD_BYTES = 2
# Such a word is at least so long, in all of the rules; a test holds them to it.
LONG_BYTES = 20
LONG_WORD = b'a' * LONG_BYTES
# The bytes of a word become `a`, all others a space.
WORDS = bytes(97 if chr(byte).isalnum() and byte < 128 or byte in b'_-' else 32
              for byte in range(256))
DIGITS = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
# What may still grow into a secret is at most this long when there is no line end in sight.
TOKEN_BYTES = 512


# Letters that are rare in what programs print.
RARE = frozenset(b'kwzvxjqABCDFGHIJKLMOPQRSTUVWXYZ~')


def rare_part(literal):
    """The longest part of a literal that begins with a rare letter, or None: one pass over a text
    finds all that do."""
    for at, byte in enumerate(literal[:-1]):
        if byte in RARE:
            return literal[at:]
    return None


def next_part(text, at, last):
    """Where in a word its next part begins, behind `_` or `-`, if it is at most `last`; else -1."""
    places = [place + 1 for place in (text.find(b'_', at, last), text.find(b'-', at, last))
              if place >= 0]
    return min(places) if places else -1


def lines_with(literal, text):
    """Ranges of `text` that a match around `literal` lies in: its line and the next, as white space
    in a pattern may be a line end. Patterns are slow, 40 MB/s; finding is not."""
    ranges = []
    at = text.find(literal)
    while at >= 0:
        begin = text.rfind(b'\n', 0, at) + 1
        line = text.find(b'\n', at + len(literal)) + 1 or len(text)
        end = text.find(b'\n', line) + 1 or len(text)
        if ranges and begin <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((begin, end))
        at = text.find(literal, line)
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
        self.arrange()

    def arrange(self):
        """Sorts the rules by how their literals are looked for, as looking for one by itself costs
        0.05 s in 100 MB: at the beginnings of long words; all at once from a rare letter on;
        one by one."""
        self.heads, self.screened, self.single, self.always = {}, {}, {}, []
        for number, (_, literal, pattern) in enumerate(self.rules):
            if not literal or b'(?i' in pattern or MULTILINE in pattern:
                self.always.append(number)
            elif len(literal) >= HEAD_BYTES and pattern.startswith(WORD_BEGIN + literal):
                self.heads.setdefault(literal[:HEAD_BYTES], []).append(number)
            else:
                needle = rare_part(literal)
                if needle is None:
                    self.single.setdefault(literal, []).append(number)
                else:
                    self.screened.setdefault(needle, {}).setdefault(literal, []).append(number)
        self.screen = None
        # One that is not there spares those that hold it.
        self.single = sorted(self.single.items(), key=lambda item: len(item[0]))

    def redact(self, text, start=0):
        """`text[start:]` without secrets; what lies before `start` was written already and is
        there so that a secret that began in it is known."""
        spans = self.spans(text)
        if not spans:
            return text[start:]
        parts, at = [], start
        # Of those that begin together the longest; what reaches beyond another joins it.
        for begin, end, _, rule in sorted(spans, key=lambda span: (span[0], -span[1], span[2])):
            if end <= at:
                continue
            if begin < at and parts:
                at = end
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
                found.append((at, at + len(value), -1, rule))
                at = text.find(value, at + len(value))
        for number in self.always:
            _, literal, pattern = self.rules[number]
            if literal and b'(?i' in pattern:
                is_there = text.lower().find(literal.lower()) >= 0
            else:
                is_there = not literal or text.find(literal) >= 0
            if is_there:
                self.search(number, text, [(0, len(text))], found)
        absent = []
        for literal, numbers in self.single:
            if any(part in literal for part in absent):
                continue
            if text.find(literal) >= 0:
                self.search_near(literal, numbers, text, found)
            else:
                absent.append(literal)
        for needle in self.needles_in(text):
            for literal, numbers in self.screened[needle].items():
                self.search_near(literal, numbers, text, found)
        if self.heads:
            self.search_words(text, found)
        return found

    def needles_in(self, text):
        """Which parts of literals stand in the text, in one pass over it."""
        if not self.screened:
            return ()
        if self.screen is None:
            import re
            by_first = {}
            # The longer first: what stands in a text is told once.
            for needle in sorted(self.screened, key=len, reverse=True):
                by_first.setdefault(needle[:1], []).append(re.escape(needle[1:]))
            self.screen = re.compile(b'|'.join(
                re.escape(first) + b'(?:' + b'|'.join(rests) + b')'
                for first, rests in by_first.items()))
        return set(self.screen.findall(text))

    def search_near(self, literal, numbers, text, found):
        places = lines_with(literal, text)
        for number in numbers:
            self.search(number, text, places, found)

    def search(self, number, text, places, found):
        for first, last in places:
            for match in self.expression(number).finditer(text, first, last):
                self.keep(match, number, found)

    def search_words(self, text, found):
        """Asks the rules whose literal begins a word where a long word begins."""
        words, digits = text.translate(WORDS), text.translate(DIGITS)
        at = words.find(LONG_WORD)
        while at >= 0:
            end = words.find(b' ', at + LONG_BYTES)
            last = len(text) if end < 0 else end
            # A name of a program has no digits, a token always does.
            if digits.find(b'0', at, last) < 0:
                at = -1
            while at >= 0:
                for number in self.heads.get(text[at:at + HEAD_BYTES], ()):
                    match = self.expression(number).match(text, at)
                    if match is not None:
                        self.keep(match, number, found)
                at = next_part(text, at, last - LONG_BYTES)
            at = -1 if end < 0 else words.find(LONG_WORD, end)

    def keep(self, match, number, found):
        begin, end = match.span(1 if match.re.groups else 0)
        if end > begin:
            found.append((begin, end, number, self.rules[number][0]))

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
