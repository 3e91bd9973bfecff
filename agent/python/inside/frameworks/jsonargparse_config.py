"""jsonargparse, and Lightning's command line on top of it: the config as its own dump has it."""

import json
import os
import sys
from _thread import _local

from .callers import called_by_user, is_program
from .command_line import in_file, override
from .config_report import is_quiet, join_key, leaves, quiet, report_config
from .file_places import key_lines, place_for
from .hooks import around, before
from .untouched import untouched

_state = _local()


def install(module):
    around(module.ArgumentParser, 'parse_args', _beginner(lambda: is_program('jsonargparse.', 'contextlib')))
    # It parses parts of a config in the same way for itself.
    for name in ('parse_object', 'parse_path', 'parse_string', 'parse_env'):
        around(module.ArgumentParser, name, _beginner(lambda: called_by_user('contextlib')))


def install_lightning(module):
    around(module.LightningCLI, 'parse_arguments', _begin_lightning)
    before(module.LightningCLI, 'instantiate_classes', _tell_lightning)


def _beginner(is_theirs):
    def begin(parser, *args, **kwargs):
        if is_quiet():
            return None
        hush = quiet()
        hush.__enter__()

        def end(config, error):
            hush.__exit__()
            if error is None and is_theirs():
                tell_dump('jsonargparse', parser, config, 'jsonargparse')
        return end
    return begin


def _begin_lightning(cli, parser, args):
    hush = quiet()
    hush.__enter__()
    return lambda result, error: hush.__exit__()


def _tell_lightning(cli):
    name = getattr(cli, 'subcommand', None)
    parser = cli._parser(name) if hasattr(cli, '_parser') else cli.parser
    config = cli.config.get(str(name), cli.config) if name else cli.config
    tell_dump('lightning-cli', parser, config, 'lightning-cli', name)


def tell_dump(system, parser, config, id, command=None):
    values = dumped(parser, config)
    files = _files(parser, config, values)
    places = {}
    for path in files:
        for key, line in key_lines(path).items():
            places[key[1:] if command and key[0] == command else key] = in_file(path, line)
    given, overrides = _given(sys.argv[1:], places)
    origins = {}
    for path, value in leaves(values):
        origins[join_key(*path)] = _origin(path, given, places, parser)
    if origins.get('seed_everything', {}).get('kind') == 'default' and type(values['seed_everything']) is int:
        # Lightning draws it where it is only told to seed.
        origins['seed_everything'] = {'kind': 'generated'}
    report_config(system, values, origins, None, overrides, files, id=id)


def dumped(parser, config):
    import inspect
    known = inspect.signature(parser.dump).parameters
    options = {'format': 'json'}
    options['skip_validation' if 'skip_validation' in known else 'skip_check'] = True
    options['skip_unset' if 'skip_unset' in known else 'skip_none'] = False
    with untouched(True):
        return json.loads(parser.dump(config, **options))


def _files(parser, config, values):
    """The files that a config was read from, those named in others included; later ones have the last word."""
    files = []

    def add(path):
        path = getattr(path, 'absolute', path)
        if isinstance(path, str) and os.path.isfile(path) and path not in files:
            files.append(path)

    default = getattr(config, '__default_config__', None) or config.get('__default_config__', None)
    for path in default if isinstance(default, list) else [default]:
        add(path)
    for action in parser._actions:
        if type(action).__name__ == 'ActionConfigFile':
            given = config.get(action.dest, None)
            for path in given if isinstance(given, list) else [given]:
                add(path)
    for word in sys.argv[1:]:
        path = word.partition('=')[2] if word.startswith('--') else word
        if path.lower().endswith(('.yaml', '.yml', '.json', '.toml', '.jsonnet')):
            add(os.path.abspath(path))
    return files


def _given(words, places):
    given, overrides, at = {}, [], 0
    while at < len(words):
        word = words[at]
        at += 1
        if not word.startswith('--') or word == '--':
            continue
        key, sign, _ = word[2:].partition('=')
        text = word
        if not sign and at < len(words) and not words[at].startswith('--'):
            text = '%s %s' % (word, words[at])
            at += 1
        if key != 'config' and not key.startswith('print_config'):
            overrides.append(text)
            given[tuple(key.rstrip('+').split('.'))] = override(text)
    return given, overrides


def _is_whole(text, path):
    """An option that gives all of a group, and not the name of a class alone: that is one of its keys."""
    value = text.partition('=')[2] if '=' in text.split(' ')[0] else text.partition(' ')[2]
    return path[-1] == 'class_path' or value[:1] in ('{', '[') or value.endswith(('.yaml', '.yml', '.json'))


def _origin(path, given, places, parser):
    # `--model.depth` is written shorter than `model.init_args.depth`, where the class is known.
    short = tuple(part for part in path if part not in ('init_args', 'dict_kwargs'))
    for known in (path, short):
        for end in range(len(known), 0, -1):
            if known[:end] in given and (end == len(known) or _is_whole(given[known[:end]]['text'], known)):
                return given[known[:end]]
    if getattr(parser, 'default_env', False):
        prefix = getattr(parser, 'env_prefix', None)
        prefix = os.path.splitext(getattr(parser, 'prog', '') or '')[0] if prefix is True else prefix
        name = '__'.join(path).upper()
        name = '%s_%s' % (prefix.upper(), name) if prefix else name
        if name in os.environ:
            return {'kind': 'environment', 'name': name}
    return place_for(path, places) or {'kind': 'default'}
