"""The one way by which a configuration is told, whatever system it comes from.

A line of the same `id` in a process takes the place of the one before; lines of several ids are of one
program and go together. Inside of a system that is made on another (Hydra's own argparse, the click
below typer) the inner one is quiet."""

from _thread import _local

from . import values as _values
from .hook import forgetting, redact, report

_state = _local()
# Systems that have spoken in this process, with how often: what only guesses speaks after none of them.
spoken = {}
MAX_LINES = 50
# By id, what was told last.
_last = {}
forgetting.append(_last.clear)
forgetting.append(spoken.clear)


class quiet:
    """While it holds, systems inside of this one tell nothing."""

    def __enter__(self):
        _state.depth = getattr(_state, 'depth', 0) + 1

    def __exit__(self, *exception):
        _state.depth -= 1


def is_quiet():
    return getattr(_state, 'depth', 0) > 0


def has_spoken(*but):
    """Whether any system but those named has told a configuration."""
    return any(system not in but for system in spoken)


def report_config(system, values, origins=None, unresolved=None, overrides=None, sources=None, id=None, enum='name'):
    """`values` are any objects; `origins` by dotted key. Nothing is told of what is no configuration."""
    count = spoken.get(system, 0)
    if count >= MAX_LINES:
        return
    try:
        tree = _values.plain(values, enum)
    except _values.TooMuch:
        report({'t': 'blind', 'what': 'a configuration of %s that is too large to be kept' % system})
        return
    if not isinstance(tree, dict):
        return
    line = {
        't': 'config',
        'system': system,
        'id': id if id is not None else system,
        'values': redact(tree, None, 'config'),
        'origins': {key: _safe(key, origin) for key, origin in (origins or {}).items()},
        'unresolved': unresolved or [],
    }
    if overrides is not None:
        line['overrides'] = [_safe_text(_key_of(text), text, 'config.overrides') for text in overrides]
    if sources is not None:
        line['sources'] = sources
    if _last.get(line['id']) == line:
        return
    _last[line['id']] = dict(line)
    spoken[system] = count + 1
    report(line)


def _safe(key, origin):
    if 'text' not in origin:
        return origin
    return dict(origin, text=_safe_text(key, origin['text'], 'config.origins.' + key))


def _safe_text(key, text, where):
    """What was typed, with the value going by the name of its key: `--api-key x`, `api_key=x`, `x`."""
    head, sign, value = _split(text)
    if not sign:
        return redact(text, None if text.startswith('-') else key, where)
    return redact(head + sign, None, where) + redact(value, key, where)


def _split(text):
    """(name, `=` or a space, value); of what begins like no name, nothing but the text."""
    for at, char in enumerate(text):
        if char in '= ':
            return text[:at], char, text[at + 1:]
        if not (char.isalnum() or char in '-_.+~@/[]:'):
            break
    return text, '', ''


def _key_of(text):
    return _split(text)[0].lstrip('-+~')


def join_key(*parts):
    """A dotted key as the record writes it: a dot within a part is escaped."""
    return '.'.join(part.replace('\\', '\\\\').replace('.', '\\.') for part in parts)


def leaves(tree, place=()):
    """(path, value) of each leaf as `origins` counts them: a list of scalars is one."""
    if isinstance(tree, dict) and tree:
        members = tree.items()
    elif isinstance(tree, list) and any(isinstance(item, (dict, list)) for item in tree):
        members = ((str(i), item) for i, item in enumerate(tree))
    else:
        if place:
            yield place, tree
        return
    for name, value in members:
        for leaf in leaves(value, place + (name,)):
            yield leaf
