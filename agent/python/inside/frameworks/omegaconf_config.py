"""OmegaConf without Hydra. "The" config is what came out of the program's own loads, command line and
merges and went into no other; one that was only loaded counts as long as nothing was merged."""

import os
import sys
from _weakref import ref

from .callers import called_by_user
from .command_line import in_file, override
from .config_report import is_quiet, join_key, leaves, report_config, spoken
from .file_places import key_lines
from .hooks import after
from .hydra_origins import place_classes, refine
from .omegaconf_values import see

# Configs of the program that went into no other yet, oldest first: (reference, how it came about).
_open = []
MAX_OPEN = 8


class Story:
    """How a config came about: files in the order in which they lie over each other, and overrides."""

    def __init__(self, rank, files=(), overrides=()):
        self.rank, self.files, self.overrides = rank, list(files), list(overrides)


def install(module):
    kind = module.OmegaConf
    after(kind, 'load', _tell_load)
    for name in ('from_cli', 'from_dotlist'):
        after(kind, name, _tell_words)
    for name in ('merge', 'unsafe_merge'):
        after(kind, name, _tell_merge)


def install_containers(module):
    container = module.BaseContainer
    after(container, 'merge_with', _tell_merged_into)
    for name in ('merge_with_cli', 'merge_with_dotlist'):
        after(container, name, _tell_words_into)


def _tell_merged_into(result, config, *parts):
    if _is_theirs():
        _grow(config, [story for part in parts for story in [_take(part)] if story is not None])


def _tell_words_into(result, config, words=None):
    if _is_theirs():
        _grow(config, [Story(2, (), [str(word) for word in (sys.argv[1:] if words is None else words)])])


def _grow(config, stories):
    grown = Story(3)
    for story in [_take(config)] + stories:
        if story is not None:
            grown.files += story.files
            grown.overrides += story.overrides
    _add(config, grown)


def _take(part):
    """How a config came about that goes into another one now."""
    for known in _open[:]:
        if known[0]() is part:
            _open.remove(known)
            return known[1]
    return None


def _is_theirs():
    return called_by_user() and not is_quiet() and 'hydra' not in spoken


def _tell_load(config, file, *args, **kwargs):
    if not _is_theirs() or not hasattr(config, '_get_root'):
        return
    path = file if isinstance(file, str) else getattr(file, 'name', None) or getattr(file, '__fspath__', lambda: None)()
    _add(config, Story(1, [os.path.abspath(path)] if isinstance(path, str) else []))


def _tell_words(config, words=None, *args, **kwargs):
    if _is_theirs():
        _add(config, Story(2, (), [str(word) for word in (sys.argv[1:] if words is None else words)]))


def _tell_merge(config, *parts, **kwargs):
    if not _is_theirs():
        return
    story = Story(3)
    for taken in [_take(part) for part in parts]:
        if taken is not None:
            story.files += taken.files
            story.overrides += taken.overrides
    _add(config, story)


def _add(config, story):
    _open[:] = [known for known in _open if known[0]() is not None][-MAX_OPEN:]
    _open.append((ref(config), story))
    values, origins, unresolved, overrides, sources = {}, {}, [], [], []
    for known, story in _chosen():
        seen = see(known)
        if not isinstance(seen.values, dict):
            continue
        for key, value in seen.values.items():
            values.setdefault(key, value)
        for key, origin in _origins(known, seen, story).items():
            origins.setdefault(key, origin)
        unresolved += seen.unresolved
        overrides += story.overrides
        sources += [path for path in story.files if path not in sources]
    if values:
        report_config('omegaconf', values, origins, unresolved, overrides, sources)


def _chosen():
    """Merged ones before loaded ones; of several, the newest has the first word."""
    found = [(known[0](), known[1]) for known in reversed(_open) if known[0]() is not None]
    best = max((story.rank for _, story in found), default=0)
    return [(config, story) for config, story in found if story.rank == best or best < 3]


def _origins(config, seen, story):
    places, given = {}, {}
    place_classes(config, (), places, 0)
    for path in story.files:
        for key, line in key_lines(path).items():
            places[key] = in_file(path, line)
    for text in story.overrides:
        key, sign, _ = text.partition('=')
        given[tuple(key.replace('[', '.').replace(']', '').split('.'))] = override(text)
    return {join_key(*path): refine(path, seen.raw, places, given) for path, _ in leaves(seen.values)}
