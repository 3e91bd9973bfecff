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
NUMBER = r'[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?'
PATH = (r'(?:~|\.{1,2})?/[\w.+@ -]*(?:/[\w.+@ -]*)*|'
        r'[\w.-]+(?:/[\w.-]+)*/[\w-]+\.[A-Za-z]\w{0,9}')


def redacted_text(rule):
    return MARK + rule + ']'


def matches(pattern, text):
    if is_plain_token(text):
        return False
    import re
    return re.compile(pattern, re.ASCII).fullmatch(text) is not None


def is_secret_value(value, rule):
    text = value.strip(SPACE)
    if not text or text.startswith(MARK):
        return False
    if rule == 'named':
        return True
    if is_trivial(text) or matches(REFERENCE, text):
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
                not matches('<' + ANY + '>', text))
    return length(text) >= 4


def is_plain_token(text):
    """Neither a number, a path nor a reference, as most secrets are: `re` need not be loaded."""
    return (text.isascii() and text.replace('_', '').replace('-', '').isalnum() and
            any(char.isalpha() and char not in 'eE' for char in text))


def length(text):
    """As JavaScript counts: a character beyond the first plane is two."""
    return len(text) + sum(1 for char in text if char > '\uffff')


def is_trivial(text):
    return text.lower() in TRIVIAL


def is_number(text):
    return matches(NUMBER, text)


def is_path(text):
    """A path with words for its parts; base64 that begins with a slash is none."""
    if text[:2] == '\\\\' or (text[1:3] == ':\\' and text[:1].isascii() and text[:1].isalpha()):
        return True
    return matches(PATH, text) and not any(is_random(part) for part in text.split('/'))


def is_random(part):
    return (length(part) >= 20 and any('0' <= char <= '9' for char in part) and
            any('A' <= char <= 'Z' for char in part) and any('a' <= char <= 'z' for char in part))
