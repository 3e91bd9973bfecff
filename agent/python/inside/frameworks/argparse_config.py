"""argparse, and what is built on it: the values as parsed, before the program edits them."""

import sys
from _thread import _local

from . import command_line as words
from .callers import caller, is_library, is_program, place_of, user_place
from .config_report import is_quiet, join_key, leaves, report_config
from .file_places import key_lines, read_configs, text_of
from .hooks import after, around, before
from .values import plain

_state = _local()
# By id, with what it is the id of, so that it stays taken: where arguments were added, defaults set.
_added, _defaults, _ids = {}, {}, {}
MAX_NOTED = 20_000
# Ids of parsers whose outcome somebody else tells.
handled = set()


class Parse:
    """One outermost call: what was seen on the command line and in files that it names."""

    def __init__(self, args):
        self.words = words_of(args)
        self.seen = {}
        self.from_files = {}


def words_of(args):
    try:
        return [str(word) for word in (sys.argv[1:] if args is None else args)]
    except Exception:
        return []


def install(argparse):
    parser = argparse.ArgumentParser
    for name in ('parse_args', 'parse_known_args', 'parse_intermixed_args', 'parse_known_intermixed_args'):
        around(parser, name, _begin)
    before(parser, '_get_values', _note_values)
    before(parser, '_read_args_from_files', _note_files)
    after(argparse._ActionsContainer, 'add_argument', _note_argument)
    before(argparse._ActionsContainer, 'set_defaults', _note_defaults)


def _begin(parser, args=None, namespace=None):
    if getattr(_state, 'parse', None) is not None or is_quiet():
        return None
    current = _state.parse = Parse(args)

    def end(result, error):
        _state.parse = None
        if error is None:
            _tell(parser, result[0] if isinstance(result, tuple) else result, args, current)
    return end


def _note_values(parser, action, arg_strings):
    current = getattr(_state, 'parse', None)
    # A positional that matched nothing takes its default.
    if current is not None and (action.option_strings or arg_strings):
        current.seen.setdefault(action.dest, []).append((action, list(arg_strings)))


def _note_files(parser, arg_strings):
    current = getattr(_state, 'parse', None)
    if current is not None and parser.fromfile_prefix_chars:
        for word in arg_strings:
            if word and word[0] in parser.fromfile_prefix_chars:
                _note_file(current, word[1:])


def _note_file(current, path):
    for number, line in enumerate((text_of(path) or '').splitlines(), 1):
        for word in line.split():
            current.from_files.setdefault(word, (path, number))


def _note_argument(action, /, *args, **kwargs):
    frame = caller('argparse', 'configargparse')
    if frame is not None and not is_library(frame.f_code.co_filename) and len(_added) < MAX_NOTED:
        _added[id(action)] = action, place_of(frame)


def _note_defaults(parser, /, **kwargs):
    if len(_defaults) < MAX_NOTED:
        _defaults.setdefault(id(parser), (parser, {}))[1].update(dict.fromkeys(kwargs, user_place()))


def install_configargparse(module):
    """It turns files and variables into words, for argparse: whose words they were, it can tell."""
    around(module.ArgumentParser, 'parse_known_args', lambda parser, args=None, namespace=None, **more: _begin(parser, args))


def _sourced(parser):
    origins = {}
    # Of ConfigArgParse; there is a method for it in newer ones.
    sources = getattr(parser, '_source_to_settings', None) or {}
    for source, settings in sources.items():
        kind, _, path = source.partition('|')
        for key, pair in settings.items():
            name = getattr(pair[0], 'dest', None) if isinstance(pair, tuple) else None
            if name is None:
                continue
            if kind == 'environment_variables':
                origins[name] = {'kind': 'environment', 'name': key}
            elif kind == 'config_file':
                lines = key_lines(path)
                origins[name] = words.in_file(path, lines.get((key,)) or lines.get((name,)))
    return origins


def _tell(parser, namespace, args, current):
    frame = caller('argparse', 'configargparse')
    if frame is None or id(parser) in handled or not is_program('argparse', 'configargparse'):
        return
    if is_library(frame.f_code.co_filename) and not words.came_from_command_line(args):
        return
    tell_namespace('argparse', parser, namespace, current, _sourced(parser))


def tell_namespace(system, parser, namespace, current, origins=None):
    members = vars(namespace)
    if type(namespace).__name__ != 'Namespace':
        known = set(action.dest for action in all_actions(parser))
        members = {key: value for key, value in members.items() if key in known}
    values = plain(members)
    told = argument_origins(parser, values, current)
    told.update(origins or {})
    report_config(system, values, told, id='%s:%s' % (system, _id_of(parser)))


def _id_of(parser):
    return _ids.setdefault(id(parser), (parser, len(_ids) + 1))[1]


def all_actions(parser, depth=0):
    """The arguments of a parser and of its commands."""
    for action in parser._actions:
        yield action
        choices = getattr(action, '_name_parser_map', None)
        if isinstance(choices, dict) and depth < 8:
            for inner in set(choices.values()):
                for found in all_actions(inner, depth + 1):
                    yield found


def argument_origins(parser, values, current):
    places, defaults = {}, dict(_defaults.get(id(parser), (parser, {}))[1])
    for action in all_actions(parser):
        if id(action) in _added:
            places.setdefault(action.dest, _added[id(action)][1])
    files = words.config_files(*sys.argv[1:]) + read_configs() if defaults else []
    origins = {}
    for path, _ in leaves(values):
        name = path[0]
        if name in current.seen:
            origin = _given(current, name)
        elif name in defaults:
            origin = _defaulted(name, defaults[name], files)
        else:
            origin = words.in_code(places.get(name))
        origins[join_key(*path)] = origin
    return origins


def _given(current, name):
    texts, origin = [], None
    for action, arg_strings in current.seen[name]:
        text = words.option_text(action.option_strings, arg_strings, current.words) if action.option_strings else None
        if text is None:
            given = arg_strings[:1] if hasattr(action, '_name_parser_map') else arg_strings
            for word in list(action.option_strings) + given:
                if origin is None and word in current.from_files and word not in current.words:
                    origin = words.in_file(*current.from_files[word])
            text = ' '.join(list(action.option_strings[-1:]) + given)
        if text not in texts:
            texts.append(text)
    return origin or words.override(' '.join(texts))


def _defaulted(name, place, files):
    """Defaults that a program has set are its code's, or those of a file that it was told to read."""
    for path in files:
        for key, line in key_lines(path).items():
            if key[-1].replace('-', '_') == name:
                return words.in_file(path, line)
    return words.in_code(place)
