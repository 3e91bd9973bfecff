"""JSON by the C parts of the standard library alone: to import `json` costs 3 ms, for `re`."""
import os
import sys


def import_standard(name, *needed):
    """A module of the standard library. `needed`: what it imports; where the program has a file of
    one of these names in its way, that is not run for us."""
    if name in sys.modules:
        return sys.modules[name]
    if any(is_shadowed(one) for one in (name,) + needed):
        raise ImportError(name)
    return __import__(name)


def is_shadowed(name):
    if name in sys.builtin_module_names or name in sys.modules:
        return False
    standard = os.path.dirname(os.__file__)
    for folder in sys.path:
        if folder == standard:
            return False
        place = os.path.join(folder or '.', name)
        if os.path.isdir(place) or os.path.isfile(place + '.py'):
            return True
    return False


def import_re():
    return import_standard('re', 'enum', 'types', 'functools', 'collections', 'copyreg', 'operator',
                           'keyword', 'reprlib', 'sre_compile', 'sre_parse', 'sre_constants')


def import_unseen(name):
    """A module that the program does not find in `sys.modules` because of us."""
    if name in sys.modules:
        return sys.modules[name]
    module = import_standard(name)
    sys.modules.pop(name, None)
    return module


try:
    _json = import_unseen('_json')
    quote, make_scanner = _json.encode_basestring_ascii, _json.make_scanner
except (ImportError, AttributeError):
    import json
    quote, make_scanner = json.encoder.py_encode_basestring_ascii, None

BEYOND = 1 << 53


def dumps(value):
    """Compact and in ASCII. Texts that JSON cannot hold stand for NaN and the infinities; integers
    beyond 2^53 are texts of digits; what is no JSON becomes its `repr`."""
    kind = type(value)
    if kind is str:
        return quote(value)
    if value is None:
        return 'null'
    if value is True:
        return 'true'
    if value is False:
        return 'false'
    if kind is int:
        return int.__repr__(value) if -BEYOND <= value <= BEYOND else '"%d"' % value
    if kind is float:
        return number(value)
    if kind is dict:
        return '{' + ','.join([quote(text(key)) + ':' + dumps(item)
                               for key, item in list(value.items())]) + '}'
    if kind is list or kind is tuple:
        return '[' + ','.join([dumps(item) for item in value]) + ']'
    return dumps(plain(value))


def number(value):
    if value != value:
        return '"NaN"'
    if value in (float('inf'), float('-inf')):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    return float.__repr__(value)


def text(key):
    return key if type(key) is str else str(key)


def plain(value):
    """What subclasses of the JSON types hold; sets as lists."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    if isinstance(value, bytes):
        return value.decode('utf-8', 'surrogateescape')
    return repr(value)


class _Context:
    strict = False
    object_hook = object_pairs_hook = None
    parse_float, parse_int, parse_constant = float, int, float
    memo = {}


def loads(source):
    if make_scanner is None:
        return json.loads(source)
    try:
        return make_scanner(_Context)(source.strip(), 0)[0]
    except StopIteration:
        raise ValueError('not JSON') from None
