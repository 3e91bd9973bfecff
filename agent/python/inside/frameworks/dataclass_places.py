"""File and line where a field of a class is written down, as a default in the code."""

import re
import sys

from .callers import is_library
from .file_places import text_of

_classes = {}


def field_place(kind, name):
    """The origin of a default that stands in a class of the user's, or None."""
    for base in getattr(kind, '__mro__', ()):
        fields = _fields_of(base)
        if name in fields[1]:
            return {'kind': 'default', 'path': fields[0], 'line': fields[1][name]}
    return None


def _fields_of(kind):
    if kind not in _classes:
        try:
            _classes[kind] = _read(kind)
        except Exception:
            _classes[kind] = (None, {})
    return _classes[kind]


def _read(kind):
    path = getattr(sys.modules.get(kind.__module__), '__file__', None)
    if path is None or is_library(path):
        return None, {}
    text = text_of(path)
    if text is None:
        return None, {}
    lines, fields, margin = text.splitlines(), {}, None
    head = re.compile(r'^(\s*)class\s+%s\b' % re.escape(kind.__name__))
    for number, line in enumerate(lines, 1):
        if margin is None:
            found = head.match(line)
            margin = len(found.group(1)) if found else None
            continue
        if line.strip() and len(line) - len(line.lstrip()) <= margin and not line.lstrip().startswith(('#', ')')):
            break
        field = re.match(r'^\s+([A-Za-z_]\w*)\s*:', line)
        if field:
            fields.setdefault(field.group(1), number)
    return path, fields
