"""Settings that are classes: what HfArgumentParser, tyro, simple-parsing and draccus make of a command
line, by the fields of the dataclass."""

import os
import sys

from .argparse_config import handled
from .callers import called_by_user, is_program
from .command_line import config_files, in_file, override
from .config_report import is_quiet, join_key, leaves, quiet, report_config
from .dataclass_places import field_place
from .file_places import key_lines, place_for
from .hook import hidden
from .hooks import around
from .values import members_of, plain


def install_hf(module):
    parser = module.HfArgumentParser
    around(parser, 'parse_args_into_dataclasses', _begin_hf)
    for name in ('parse_dict', 'parse_json_file', 'parse_yaml_file'):
        around(parser, name, _begin_hf_file)


def install_tyro(module):
    around(module, 'cli', _beginner('tyro', 'tyro.'))


def install_simple_parsing(module):
    around(module, 'parse', _beginner('simple-parsing', 'simple_parsing.'))
    around(module.ArgumentParser, 'parse_known_args', _begin_namespace)


def install_draccus(module):
    around(module, 'parse', _beginner('draccus', 'draccus.'))


def _begin_hf(parser, args=None, return_remaining_strings=False, look_for_args_file=True,
              args_filename=None, args_file_flag=None):
    hush = _hush()
    words = list(sys.argv[1:] if args is None else args)

    def end(result, error):
        hush.__exit__()
        if error is None and not is_quiet() and called_by_user('transformers.'):
            _tell_hf(result, _Given([str(word) for word in words], [args_filename]))
    return end


def _begin_hf_file(parser, given, *args, **kwargs):
    hush = _hush()

    def end(result, error):
        hush.__exit__()
        if error is None and not is_quiet() and called_by_user('transformers.'):
            path = os.fspath(given) if isinstance(given, str) or hasattr(given, '__fspath__') else None
            _tell_hf(result, _Given([], [path]))
    return end


def _hush():
    hush = quiet()
    hush.__enter__()
    return hush


def _tell_hf(result, given):
    values, origins = {}, {}
    for part in result:
        if not hasattr(type(part), '__dataclass_fields__'):
            continue
        fields = plain(members_of(part), 'value')
        for name, value in fields.items():
            values[name] = hidden('token', 'config.' + name) if name.endswith('hub_token') and value else value
            for path, _ in leaves({name: value}):
                origins[join_key(*path)] = given.origin(path, type(part))
    report_config('hf', values, origins, None, given.overrides, given.files, id='hf')


def _beginner(system, package):
    def begin(*args, **kwargs):
        if is_quiet():
            return None
        hush = _hush()
        words = kwargs.get('args')

        def end(result, error):
            hush.__exit__()
            if error is not None or not is_program(package):
                return
            if isinstance(result, tuple) and result and members_of(result[0]) is not None:
                result = result[0]
            _tell_class(result, words, system)
        return end
    return begin


def _begin_namespace(parser, args=None, namespace=None, *rest, **kwargs):
    if is_quiet():
        return None
    hush = _hush()
    handled.add(id(parser))

    def end(result, error):
        hush.__exit__()
        if error is None and is_program('simple_parsing.', 'argparse'):
            _tell_class(result[0], args, 'argparse')
    return end


def _tell_class(settings, words, system):
    members = members_of(settings)
    if members is None:
        return
    given = _Given([str(word) for word in (sys.argv[1:] if words is None else words)], [])
    values = plain(members)
    origins = {}
    for path, _ in leaves(values):
        kind = _owner(settings, path)
        origins[join_key(*path)] = given.origin(path, kind)
    known = 'argparse' if system == 'argparse' else 'dataclass'
    report_config(known, values, origins, None, given.overrides, given.files, id=system)


def _owner(settings, path):
    for part in path[:-1]:
        members = members_of(settings)
        if members is None or part not in members:
            break
        settings = members[part]
    return type(settings)


class _Given:
    """What stands on the command line and in the files that it names, by key."""

    def __init__(self, words, paths):
        self.files = config_files(*([path for path in paths if path] + words))
        self.places, self.words, self.overrides = {}, {}, []
        for file in self.files:
            for key, line in key_lines(file).items():
                self.places[key] = in_file(file, line)
        at = 0
        while at < len(words):
            word = words[at]
            at += 1
            if not word.startswith('-') or word in ('-', '--'):
                continue
            key, sign, _ = word.lstrip('-').partition('=')
            values = []
            while not sign and at < len(words) and not (words[at].startswith('-') and words[at][1:2].isalpha() or words[at].startswith('--')):
                values.append(words[at])
                at += 1
            text = ' '.join([word] + values)
            self.overrides.append(text)
            name = key.replace('-', '_')
            self.words[name[3:] if name.startswith('no_') else name] = override(text)

    def origin(self, path, kind):
        for end in range(len(path), 0, -1):
            for start in range(end):
                # Options may be written without the names of what they lie in.
                found = self.words.get('.'.join(path[start:end]))
                if found is not None and (start == 0 or end == len(path)):
                    return found
        found = place_for(path, self.places)
        if found is not None:
            return found
        return field_place(kind, path[-1]) or field_place(kind, path[0]) or {'kind': 'default'}
