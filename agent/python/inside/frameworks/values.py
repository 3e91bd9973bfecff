"""Values of a configuration as JSON, by the rule of who dumps them: paths as text, enums by name."""

import sys

from .hook import hidden

SAFE_INTEGER = 2 ** 53
MAX_DEPTH = 40
MAX_ITEMS = 50_000
MAX_TEXT = 200_000
# Classes, functions, built-in functions, methods of built-in classes.
_NAMED = (type, type(lambda: None), type(len), type(str.upper))


class TooMuch(Exception):
    """A structure that is no configuration: too deep, or too large."""


def plain(value, enum='name'):
    """`value` as JSON holds it. `enum`: by `name`, or by `value`. Never raises for odd objects."""
    return _plain(value, enum, 0, [0])


def plain_number(value):
    """A number as the record has it, or None for what is none; tensors and arrays of one element count."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return integer(int(value))
    if not isinstance(value, float):
        try:
            if getattr(value, 'size', None) == 0:
                return None
            value = float(value)
        except Exception:
            return None
    return real(float(value))


def integer(value):
    return value if -SAFE_INTEGER <= value <= SAFE_INTEGER else str(value)


def real(value):
    if value != value:
        return 'NaN'
    if value in (float('inf'), float('-inf')):
        return 'Infinity' if value > 0 else '-Infinity'
    return value


def _plain(value, enum, depth, count):
    count[0] += 1
    if depth > MAX_DEPTH or count[0] > MAX_ITEMS:
        raise TooMuch
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str:
        return value if len(value) <= MAX_TEXT else value[:MAX_TEXT]
    if kind is int:
        return integer(value)
    if kind is float:
        return real(value)
    if kind in (list, tuple):
        return [_plain(item, enum, depth + 1, count) for item in value]
    if kind is dict:
        return {key_text(key, enum): _plain(item, enum, depth + 1, count) for key, item in value.items()}
    try:
        return _odd(value, enum, depth, count)
    except TooMuch:
        raise
    except Exception:
        return described(value)


def _odd(value, enum, depth, count):
    # Only types are asked what they can: an object's own `__getattr__` may do anything.
    kind = type(value)
    members = members_of(value)
    if members is not None:
        return {key_text(key, enum): _plain(item, enum, depth + 1, count) for key, item in members.items()}
    if is_enum(value):
        chosen = value.value if enum == 'value' or isinstance(value, (str, int)) else value.name
        return _plain(base_of(chosen), enum, depth + 1, count)
    if isinstance(value, (str, int, float)):
        return _plain(base_of(value), enum, depth + 1, count)
    if isinstance(value, (list, tuple)):
        return [_plain(item, enum, depth + 1, count) for item in value]
    if isinstance(value, (set, frozenset)):
        items = [_plain(item, enum, depth + 1, count) for item in value]
        return sorted(items, key=repr)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode('utf-8', 'backslashreplace')
    if hasattr(kind, 'get_secret_value'):
        return hidden('secret', 'config') if str(value) else ''
    if hasattr(kind, '__fspath__'):
        path = value.__fspath__()
        return path if isinstance(path, str) else path.decode('utf-8', 'surrogateescape')
    return _scientific(value, enum, depth, count)


def _scientific(value, enum, depth, count):
    kind = type(value)
    root = kind.__module__.partition('.')[0]
    if root == 'numpy':
        if hasattr(value, 'ndim') and value.ndim == 0:
            return _plain(value.item(), enum, depth + 1, count)
        if getattr(value, 'size', MAX_ITEMS) <= 1000 and hasattr(value, 'tolist'):
            return _plain(value.tolist(), enum, depth + 1, count)
        return str(value) if kind.__name__.startswith('dtype') or 'DType' in kind.__name__ else described(value)
    if root == 'torch':
        return str(value) if kind.__name__ in ('dtype', 'device', 'layout', 'memory_format', 'Size') else described(value)
    if root in ('datetime', 'decimal', 'uuid', 'fractions', 'ipaddress', 'zoneinfo', 'complex') or kind in (complex, range):
        return str(value)
    if (root == '_io' or kind.__name__ == 'LazyFile') and isinstance(getattr(value, 'name', None), str):
        return value.name
    if root == 're' and hasattr(value, 'pattern'):
        return _plain(value.pattern, enum, depth + 1, count)
    return described(value)


def members_of(value):
    """What a structure holds by name: dataclasses, namespaces, mappings, attrs, pydantic; else None."""
    kind = type(value)
    if isinstance(value, type):
        return None
    if hasattr(kind, '__dataclass_fields__'):
        return {name: getattr(value, name) for name, field in kind.__dataclass_fields__.items()
                if hasattr(value, name) and getattr(field, '_field_type', None).__repr__() == '_FIELD'}
    if hasattr(kind, '__attrs_attrs__'):
        return {field.name: getattr(value, field.name) for field in kind.__attrs_attrs__ if hasattr(value, field.name)}
    # Asking a newer pydantic for `__fields__` warns.
    fields = getattr(kind, 'model_fields' if hasattr(kind, 'model_fields') else '__fields__', None)
    if isinstance(fields, dict):
        return {name: getattr(value, name) for name in fields if hasattr(value, name)}
    if isinstance(value, dict):
        return value
    if kind.__module__ == 'types' and kind.__name__ == 'SimpleNamespace':
        return vars(value)
    if any(base.__name__ == 'Namespace' for base in kind.__mro__):
        return vars(value)
    collections = sys.modules.get('collections.abc')
    if collections is not None and isinstance(value, collections.Mapping):
        return dict(value.items())
    return None


def is_enum(value):
    enum = sys.modules.get('enum')
    return enum is not None and isinstance(value, enum.Enum)


def base_of(value):
    """A `str`, `int` or `float` of a subclass, as the plain kind."""
    for kind in (str, int, float):
        if isinstance(value, kind) and not isinstance(value, bool):
            return kind.__str__(value) if kind is str else kind(value)
    return value


def key_text(key, enum='name'):
    if isinstance(key, str):
        return str.__str__(key)
    if key is None or isinstance(key, bool):
        return {None: 'null', True: 'true', False: 'false'}[key]
    if is_enum(key):
        return str(key.value if enum == 'value' else key.name)
    return str(key)


def described(value):
    """An object by what it is, without its address: two runs say the same of it."""
    kind = type(value)
    if isinstance(value, _NAMED):
        module = getattr(value, '__module__', None)
        name = value.__qualname__
        return name if module in (None, 'builtins') else '%s.%s' % (module, name)
    if kind.__name__ == 'module':
        return value.__name__
    if kind.__module__ == 'functools' and kind.__name__ == 'partial':
        return 'functools.partial(%s)' % described(value.func)
    return '<%s.%s>' % (kind.__module__, kind.__qualname__)
