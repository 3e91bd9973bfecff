"""absl's flags with ml_collections, gin, fire and sacred."""

import os
import sys

from .callers import is_library
from .command_line import in_code, in_file, override
from .config_report import is_quiet, join_key, leaves, report_config
from .file_places import text_of
from .hook import at_exit, quietly, wrap
from .hooks import after, before, hide
from .values import members_of, plain


def _is_users_module(name):
    path = getattr(sys.modules.get(name), '__file__', None)
    return path is None or not is_library(path)


def _words_of(name):
    """What the command line says of an option, however it is written there."""
    found, words = [], sys.argv[1:]
    for at, word in enumerate(words):
        head, sign, _ = word.lstrip('-').partition('=')
        if head in (name, 'no' + name) and word.startswith('-'):
            follows = not sign and at + 1 < len(words) and not words[at + 1].startswith('-')
            found.append('%s %s' % (word, words[at + 1]) if follows else word)
    return ' '.join(found)


def install_absl(module):
    after(module.FlagValues, '__call__', _tell_absl)


def _tell_absl(result, flags, argv, *args, **kwargs):
    if is_quiet() or getattr(sys.modules.get('absl.flags'), 'FLAGS', None) is not flags:
        return
    values, origins = {}, {}
    for module, members in flags.flags_by_module_dict().items():
        if module.startswith('absl') or not _is_users_module(module):
            continue
        for flag in members:
            value = flag.value
            held = value.to_dict() if hasattr(type(value), 'to_dict') and hasattr(type(value), 'items') else value
            values[flag.name] = held
            for path, _ in leaves({flag.name: plain(held)}):
                text = _words_of('.'.join(path)) or (_words_of(flag.name) if len(path) == 1 else '')
                origins[join_key(*path)] = override(text) if text else _flag_file(flag, argv)
    if values:
        report_config('absl', values, origins)


def _flag_file(flag, argv):
    if flag.present:
        for word in argv:
            if word.lstrip('-').startswith('flagfile='):
                path = word.partition('=')[2]
                for number, line in enumerate((text_of(path) or '').splitlines(), 1):
                    if line.lstrip('-').partition('=')[0].strip() == flag.name:
                        return in_file(path, number)
    return {'kind': 'default'}


_gin_files = []


def install_gin(module):
    before(module, 'parse_config_files_and_bindings', _note_gin_files)
    before(module, 'parse_config_file', lambda config_file, *args, **kwargs: _gin_files.append(config_file))
    for name in ('parse_config', 'parse_config_files_and_bindings'):
        after(module, name, lambda *args, **kwargs: _tell_gin(module, module._CONFIG))
    at_exit(lambda: _tell_gin(module, module._OPERATIVE_CONFIG) if module._OPERATIVE_CONFIG else None)


def _note_gin_files(config_files=None, *args, **kwargs):
    _gin_files.extend([config_files] if isinstance(config_files, str) else config_files or ())


def _tell_gin(gin, bindings):
    values, given = {}, set()
    for (scope, selector), params in dict(bindings).items():
        held = {name: _gin_value(value) for name, value in params.items()}
        short = gin._REGISTRY.minimal_selector(selector)
        place = '%s/%s' % (scope, short) if scope else short
        if selector == 'gin.macro':
            values[scope] = held.get('value')
            given.add((scope,))
        elif selector != 'gin.constant' and held:
            values[place] = held
            bound = gin._CONFIG.get((scope, selector)) or gin._CONFIG.get(('', selector)) or {}
            given.update((place, name) for name in held if name in bound)
    if not values:
        return
    places, sources = _gin_lines()
    words = {word.lstrip('-').partition('=')[0]: word for word in sys.argv[1:]}
    words.update({word.lstrip('-').split('=')[1].strip('"\' '): word for word in sys.argv[1:] if word.count('=') > 1})
    origins = {}
    for path, _ in leaves(plain(values)):
        name = '.'.join(path[:2])
        if name in words:
            origin = override(words[name])
        elif name in places:
            origin = places[name]
        else:
            origin = {'kind': 'program' if path[:2] in given else 'default'}
        origins[join_key(*path)] = origin
    report_config('gin', values, origins, None, None, sources)


def _gin_lines():
    places, sources = {}, []
    for path in _gin_files:
        if os.path.isfile(path):
            sources.append(os.path.abspath(path))
            for number, line in enumerate((text_of(path) or '').splitlines(), 1):
                head, sign, _ = line.partition('=')
                if sign and not line.startswith((' ', '#')):
                    places[head.strip()] = in_file(path, number)
    return places, sources


def _gin_value(value):
    return repr(value) if type(value).__module__.startswith('gin') else value


_fire = ({}, {})


def install_fire(module):
    def make(original):
        def make_parse(fn, metadata):
            parse = original(fn, metadata)

            def told(args):
                try:
                    result = parse(args)
                except BaseException as error:
                    hide(error)
                    raise
                quietly(_tell_fire, fn, result)
                return result
            return told
        return make_parse
    wrap(module, '_MakeParseFn', make)


def _tell_fire(fn, result):
    import inspect
    (varargs, kwargs) = result[0]
    code = getattr(fn, '__code__', None) or getattr(getattr(fn, '__init__', None), '__code__', None)
    if code is None or is_library(code.co_filename):
        return
    bound = inspect.signature(fn).bind(*varargs, **kwargs)
    bound.apply_defaults()
    values, origins = _fire
    for name, value in bound.arguments.items():
        values[name] = value
        text = _words_of(name) or _words_of(name.replace('_', '-'))
        given = text or (name in bound.signature.parameters and value is not bound.signature.parameters[name].default)
        origins[join_key(name)] = override(text or str(value)) if given else in_code(
            (os.path.abspath(code.co_filename), code.co_firstlineno))
    report_config('fire', values, origins)


_scopes = []


def install_sacred_scopes(module):
    before(module.ConfigScope, '__call__', lambda scope, *args, **kwargs: _scopes.append(scope._func))


def install_sacred(module):
    before(module.Run, '__call__', _tell_sacred)


def _tell_sacred(run, *args):
    values = plain(members_of(run.config) or {})
    places = {}
    for function in _scopes[-20:]:
        places.update(_assignments(function))
    changed = set()
    for kind in ('added', 'modified', 'typechanged'):
        changed.update(getattr(run.config_modifications, kind, ()) or ())
    words = {word.partition('=')[0]: word for word in sys.argv[1:] if '=' in word}
    origins = {}
    for path, _ in leaves(values):
        name = '.'.join(path)
        if name in words:
            origin = override(words[name])
        elif path[0] in places:
            origin = places[path[0]]
        elif name in changed:
            origin = {'kind': 'program'}
        else:
            # Sacred draws the seed itself where none is given.
            origin = {'kind': 'generated' if path == ('seed',) else 'default'}
        origins[join_key(*path)] = origin
    report_config('sacred', values, origins, None, list(words.values()))


def _assignments(function):
    import inspect
    lines, first = inspect.getsourcelines(function)
    path = os.path.abspath(function.__code__.co_filename)
    found = {}
    for number, line in enumerate(lines, first):
        head, sign, rest = line.strip().partition('=')
        if sign and head.strip().isidentifier() and not rest.startswith('='):
            found[head.strip()] = in_code((path, number))
    return found
