"""Which key stands on which line of a configuration file. Told by the parser that has read it, where
its positions can be asked for; else by a look at the text that is content with finding nothing."""

import os
import sys

from _runrecord import files

from .command_line import CONFIG_ENDINGS, MAX_FILE_BYTES
from .hook import read_unseen

_read = {}


def text_of(path):
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > MAX_FILE_BYTES:
            return None
    except (OSError, ValueError):
        return None
    return read_unseen(os.path.abspath(path), MAX_FILE_BYTES)


def read_configs():
    """The configuration files that the program has read by now, the newest first."""
    return [path for path in reversed(list(files.reads)) if path.lower().endswith(CONFIG_ENDINGS)][:50]


def key_lines(path):
    """{(part, part, ...): line} of a YAML, JSON, TOML, INI or .env file; empty where it cannot be told."""
    path = os.path.abspath(path)
    try:
        stat = os.stat(path)
    except (OSError, ValueError):
        return {}
    state = (stat.st_size, stat.st_mtime_ns)
    if path in _read and _read[path][0] == state:
        return _read[path][1]
    lines = _lines(path)
    _read[path] = (state, lines)
    return lines


def _lines(path):
    text = text_of(path)
    if text is None:
        return {}
    if path.lower().endswith(('.yaml', '.yml', '.json')):
        yaml = sys.modules.get('yaml')
        if yaml is not None:
            try:
                return _yaml_lines(yaml, text)
            except Exception:
                return {}
    if path.lower().endswith(('.toml', '.ini', '.cfg', '.conf', '.env')) or os.path.basename(path).startswith('.env'):
        return _section_lines(text)
    return _indented_lines(text)


def _yaml_lines(yaml, text):
    # The C parser is the program's own business; this one needs nothing but what is loaded.
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    lines = {}

    def walk(node, place, depth):
        if depth > 60:
            return
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    inner = place + (key.value,)
                    lines[inner] = key.start_mark.line + 1
                    walk(value, inner, depth + 1)
        elif isinstance(node, yaml.SequenceNode):
            for i, item in enumerate(node.value):
                inner = place + (str(i),)
                lines[inner] = item.start_mark.line + 1
                walk(item, inner, depth + 1)

    if root is not None:
        walk(root, (), 0)
    return lines


def _section_lines(text):
    lines, section = {}, ()
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line.startswith('[') and ']' in line:
            section = tuple(part.strip(' "\'') for part in line.strip('[]').split('.'))
        elif '=' in line and not line.startswith(('#', ';')):
            head = line.partition('=')[0].strip()
            if head.startswith('export '):
                head = head[7:].strip()
            lines.setdefault(section + tuple(part.strip(' "\'') for part in head.split('.')), number)
    return lines


def _indented_lines(text):
    """Keys of the top level alone, of JSON or YAML as people write them."""
    lines, margin = {}, None
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not bare or bare[0] in '#{}[]':
            continue
        head, sign, _ = bare.partition(':')
        if not sign:
            continue
        indent = len(line) - len(line.lstrip())
        margin = indent if margin is None else margin
        if indent == margin:
            lines.setdefault((head.strip(' "\''),), number)
    return lines


def place_for(path, places):
    """The place of a value, or that of what holds it where nothing of its inside stands in a file."""
    for end in range(len(path), 0, -1):
        whole = path[:end]
        if whole in places:
            if end < len(path) and any(len(key) > end and key[:end] == whole for key in places):
                return None
            return places[whole]
    return None
