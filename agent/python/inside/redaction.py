"""Replaces secrets before anything is written: by the rules that the recorder gives, and by names.

As agent/core/redaction does it, which runs over all of it once more; a test holds both against the
same cases.
"""
import os

from _runrecord import state
from _runrecord.encoding import import_re
from _runrecord.secret_names import judge_name, may_name_secret
from _runrecord.secret_values import (MARK, SPACE, is_distinct, is_number, is_path, is_secret_value,
                                      is_trivial, redacted_text)

# No rule has a match that is shorter.
SHORTEST = 8
COMMON = frozenset(
    'password secret changeme change-me postgres postgresql mysql mongodb localhost example testing '
    'default development production anonymous guest'.split())
UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()")
LETTERS = frozenset('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')
FIRST = LETTERS | {'_'}
FLAG = FIRST | frozenset('0123456789.-')
WITHIN = FLAG | frozenset('/@')
_compiled = {}
_rule_literals = None
_literals = None
_named = None
_told = set()


def redact(value, name=None, where=''):
    """`value` without secrets: a text, or anything that JSON holds. `name`: the key, variable or
    flag that it stands under; `where`: said in the record."""
    if isinstance(value, str):
        return redact_string(name or '', value, where)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if name and (is_named(name) or judge_name(name) == 'password'):
            return redact_string(name, str(value), where)
        return value
    if isinstance(value, (list, tuple)):
        return [redact(item, name, '%s[%d]' % (where, at)) for at, item in enumerate(value)]
    if isinstance(value, dict):
        return redact_members(value, where)
    return value


def redact_members(value, where):
    result = {}
    for key, member in list(value.items()):
        key = key if isinstance(key, str) else str(key)
        place = key if where == '' else where + '.' + key
        result[redact_text(key, place)] = redact(member, key, place)
    return result


def redact_string(name, value, where):
    rule = judge(name, value)
    if rule is None:
        return redact_text(value, where)
    tell(where, rule)
    learn(value, rule)
    return redacted_text(rule)


def learn(value, rule):
    """A value that stood under a secret's name may stand in an exception later."""
    known = literals()
    if value in known or not is_distinct(value):
        return
    for spelling in spellings(value):
        known.setdefault(spelling, rule)
    for spelling in sorted(known, key=len, reverse=True):
        known[spelling] = known.pop(spelling)


def judge(name, value):
    if not name:
        return None
    last = name.rpartition('.')[2]
    rule = 'named' if is_named(name) else judge_name(last)
    if rule is None and may_name_secret(last):
        rule = 'entropy'
    return rule if rule is not None and is_secret_value(value, rule) else None


def redact_argv(argv, where='command.argv'):
    from _runrecord.secret_commands import secret_of_command
    result = []
    for at, token in enumerate(argv):
        place = '%s[%d]' % (where, at)
        before = argv[at - 1] if at else ''
        kept = secret_of_command(argv, at)
        if kept is not None and not token.startswith(MARK, len(kept)):
            learn(token[len(kept):], 'command-password')
            tell(place, 'command-password')
            result.append(kept + redacted_text('command-password'))
            continue
        name, sign, value = token.partition('=')
        if sign and is_assignable(name):
            bare = name.lstrip('-') if name[:1] == '-' else name.lstrip('+')
            token = redact_text(name + '=' + redact_string(bare, value, place), place)
        elif is_flag(before) and not is_flag_like(token):
            token = redact_string(before.lstrip('-'), token, place)
        else:
            token = redact_text(token, place)
        result.append(token)
    return result


def is_assignable(name):
    """`key`, `--key`, `++key` before a `=`; without `re`, as all here that most programs come to."""
    for sign in ('--', '-', '++', '+'):
        if name.startswith(sign):
            name = name[len(sign):]
            break
    return 0 < len(name) <= 256 and name[0] in FIRST and WITHIN.issuperset(name)


def is_flag(token):
    name = token[2:] if token[:2] == '--' else token[1:]
    return (token[:1] == '-' and 0 < len(name) <= 256 and name[0] in LETTERS and
            FLAG.issuperset(name))


def is_flag_like(token):
    letter = token[2:3] if token[:2] == '--' else token[1:2]
    return token[:1] == '-' and letter != '' and letter in LETTERS


def redact_text(text, where):
    for literal, rule in list(literals().items()):
        if literal in text:
            text = text.replace(literal, redacted_text(rule))
            tell(where, rule)
    if len(text) >= SHORTEST:
        for number, literal in rule_literals():
            if literal in text:
                text = apply_rule(number, state.spec()['rules'][number], text, where)
    return text


def rule_literals():
    """Number and literal of each rule: there are hundreds, and every text is held against them."""
    global _rule_literals
    if _rule_literals is None:
        _rule_literals = tuple(enumerate(
            [rule['literal'] for rule in state.spec().get('rules', ())]))
    return _rule_literals


def apply_rule(number, rule, text, where):
    def replace(match):
        begin, end = match.span(1 if match.re.groups and match.group(1) is not None else 0)
        if begin == end:
            return match.group()
        tell(where, rule['rule'])
        return match.group()[:begin - match.start()] + redacted_text(rule['rule'])

    if number not in _compiled:
        try:
            re = import_re()
        except ImportError:
            # What cannot be looked into is left out whole.
            tell(where, rule['rule'])
            return redacted_text(rule['rule'])
        try:
            _compiled[number] = re.compile(python_pattern(rule['pattern']), re.ASCII)
        except re.error:
            _compiled[number] = re.compile('(?!)')
    return _compiled[number].sub(replace, text)


def python_pattern(pattern):
    """A pattern of JavaScript: `\\s` is more than ASCII there, all else in ours is the same."""
    parts, at, inside = [], 0, False
    while at < len(pattern):
        char = pattern[at]
        if char == '\\':
            if pattern[at + 1:at + 2] == 's':
                parts.append(SPACE if inside else '[' + SPACE + ']')
            else:
                parts.append(pattern[at:at + 2])
            at += 2
            continue
        if char in '[]':
            if char == '[' and inside:
                parts.append('\\')
            inside = char == '[' or (inside and char != ']')
        parts.append(char)
        at += 1
    return ''.join(parts)


def is_named(name):
    """Whether the user's own list of globs has the name."""
    global _named
    globs = state.spec().get('names') or ()
    if not globs or len(name) > 256:
        return False
    if _named is None:
        try:
            re = import_re()
        except ImportError:
            return False
        _named = [re.compile('.*'.join([re.escape(part).replace('\\?', '[^.]')
                                        for part in re.split(r'\*+', glob)]), re.I)
                  for glob in globs]
    last = name.rpartition('.')[2]
    return any(glob.fullmatch(name) or glob.fullmatch(last) for glob in _named)


def literals():
    """What is secret wherever it stands, in all spellings, longest first, and by which rule: values
    of secret-named variables, and what was learned."""
    global _literals
    if _literals is None:
        _literals = {}
        found = environment_secrets(dict(os.environ))
        for spelling in sorted({text for secret in found for text in spellings(secret)}, key=len,
                               reverse=True):
            _literals[spelling] = 'environment'
    return _literals


def environment_secrets(environment):
    open_values, found = set(), set()
    for name, value in environment.items():
        if len(value) < 6:
            continue
        rule = 'named' if is_named(name) else judge_name(name)
        if rule is None:
            open_values.add(value)
            continue
        plain = (is_trivial(value) or is_number(value) or is_path(value) or
                 value.lower() in COMMON)
        if plain and not (rule == 'named' and is_number(value)):
            continue
        if is_secret_value(value, rule):
            found.add(value)
    return found - open_values


def spellings(secret):
    from _runrecord.encoding import quote
    yield secret
    yield quote(secret)[1:-1]
    if not secret.isascii():
        yield secret.replace('\\', '\\\\').replace('"', '\\"')
    try:
        encoded = secret.encode('utf-8')
    except UnicodeEncodeError:
        return
    yield ''.join([chr(byte) if byte in UNRESERVED else '%%%02X' % byte for byte in encoded])


def tell(where, rule):
    if (where, rule) not in _told:
        _told.add((where, rule))
        from _runrecord.report import report_soon
        report_soon({'t': 'redacted', 'where': where, 'rule': rule})
