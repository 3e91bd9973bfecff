"""Whether the value of a secret's name can be the secret: as agent/core/redaction/secret-value.ts."""
MARK = '[redacted: '
# What JavaScript takes for white space.
SPACE = (' \t\n\r\f\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a'
         '\u2028\u2029\u202f\u205f\u3000\ufeff')
TRIVIAL = frozenset(
    'true false yes no on off none null nil auto default unset empty required optional enabled '
    'disabled basic bearer digest oauth oauth2 env environment prompt keyring ??? ~ -'.split())
ANY = '[^\n\r\u2028\u2029]*'
REFERENCE = (r'\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*|%\w+%|\{\{ANY\}\}|\{\w+\}|<[^<>]*>|'
             r'os\.environANY').replace('ANY', ANY)
UPPER = frozenset('ABCDEFGHIJKLMNOPQRSTUVWXYZ')
LOWER = frozenset('abcdefghijklmnopqrstuvwxyz')
LETTERS = UPPER | LOWER
DIGITS = frozenset('0123456789')
WORD = LETTERS | DIGITS | {'_'}
IN_NAME = WORD | frozenset('.-')
IN_RANDOM = LETTERS | DIGITS | frozenset('+/_=-')
PLAIN = LETTERS | frozenset('_./-')
IN_PATH = WORD | frozenset('.+@ -/')


def redacted_text(rule):
    return MARK + rule + ']'


def is_secret_value(value, rule):
    text = value.strip(SPACE)
    if not text or text.startswith(MARK):
        return False
    if rule == 'named':
        return True
    if rule == 'entropy':
        return looks_random(text)
    if is_trivial(text) or is_reference(text):
        return False
    if rule == 'password':
        return not is_path(text)
    if is_number(text) or is_path(text):
        return False
    if rule == 'auth':
        some = ':' in text or any(char in '0123456789' for char in text)
        return length(text) >= 8 and some and text[:5].lower() != 'oauth'
    if rule == 'token':
        return (length(text) >= 6 and not any(char in SPACE for char in text) and
                not (text[0] == '<' and text[-1] == '>'))
    return length(text) >= 4


def looks_random(text):
    """Letters of both cases and digits within twenty, without a break."""
    start = text[:20]
    return (20 <= len(text) <= 512 and IN_RANDOM.issuperset(text) and
            not UPPER.isdisjoint(start) and not LOWER.isdisjoint(start) and
            not DIGITS.isdisjoint(start))


def is_distinct(value):
    """Whether a secret can be told from other text wherever it stands: a word cannot."""
    if not 8 <= length(value) <= 4096 or value.startswith(MARK):
        return False
    if is_trivial(value) or is_number(value) or is_path(value) or is_reference(value):
        return False
    return (not LETTERS.isdisjoint(value) and
            any(char not in PLAIN and char not in SPACE for char in value) and
            not (value[-1] == ':' and is_all(WORD | {'-'}, value[:-1])))


def length(text):
    """As JavaScript counts: a character beyond the first plane is two."""
    return len(text) + sum(1 for char in text if char > '\uffff')


def is_trivial(text):
    return text.lower() in TRIVIAL


def is_reference(text):
    if text[0] not in '$%{<' and not text.startswith('os.environ'):
        return False
    from _runrecord.encoding import import_re
    try:
        re = import_re()
    except ImportError:
        return False
    return re.compile(REFERENCE, re.ASCII).fullmatch(text) is not None


def is_number(text):
    text = text[1:] if text[:1] in ('-', '+') else text
    text, sign, power = text.replace('E', 'e').partition('e')
    if sign and not is_all(DIGITS, power[1:] if power[:1] in ('-', '+') else power):
        return False
    if text[:1] == '.':
        return is_all(DIGITS, text[1:])
    whole, _point, part = text.partition('.')
    return (whole[:1] in DIGITS and is_all(DIGITS | {'_'}, whole) and
            (not part or is_all(DIGITS, part)))


def is_all(kind, text):
    return text != '' and kind.issuperset(text)


def is_path(text):
    """A path with words for its parts; base64 that begins with a slash is none."""
    if text[:2] == '\\\\' or (text[:1] in LETTERS and text[1:3] == ':\\'):
        return True
    return ((is_rooted(text) or is_file_in_folder(text)) and
            not any(is_random(part) for part in text.split('/')))


def is_rooted(text):
    for start in ('~/', './', '../', '/'):
        if text.startswith(start):
            return IN_PATH.issuperset(text[len(start) - 1:])
    return False


def is_file_in_folder(text):
    folders, slash, file = text.rpartition('/')
    name, _point, suffix = file.partition('.')
    return (slash != '' and all(is_all(IN_NAME, folder) for folder in folders.split('/')) and
            is_all(WORD | {'-'}, name) and suffix[:1] in LETTERS and len(suffix) <= 10 and
            is_all(WORD, suffix))


def is_random(part):
    return (length(part) >= 20 and any('0' <= char <= '9' for char in part) and
            any('A' <= char <= 'Z' for char in part) and any('a' <= char <= 'z' for char in part))
