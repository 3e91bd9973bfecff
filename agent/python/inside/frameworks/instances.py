"""Settings that are an object which the program makes: dataclasses by their name, pydantic's settings,
TrainingArguments. One that turns out to be a part of another one is told as a part of it alone."""

import os
import re
import sys

from .callers import called_by_user, is_library
from .command_line import in_file, override
from .config_report import has_spoken, is_quiet, join_key, leaves, report_config
from .dataclass_places import field_place
from .file_places import key_lines, read_configs
from .hook import hidden, quietly, wrap
from .hooks import after
from .values import members_of, plain

_NAMED = re.compile(r'(?:Config|Configuration|Settings|Args|Arguments|Options|Params|Parameters|Hparams|HParams)$')
# Objects that were told, with the id that they were told by.
_told = []
MAX_TOLD = 16


def install_dataclasses(module):
    after(module, '_process_class', _watch_class)


def _watch_class(kind, *args, **kwargs):
    path = getattr(sys.modules.get(kind.__module__), '__file__', None)
    if not _NAMED.search(kind.__name__) or (path is not None and is_library(path)) or '__init__' not in vars(kind):
        return
    if len(_told) < MAX_TOLD:
        wrap(kind, '__init__', lambda original: _first_init(kind, original))


def _first_init(kind, original):
    """Looks at the first object of a class, and is gone then: classes of settings have one."""
    def __init__(self, *args, **kwargs):
        if vars(kind).get('__init__') is __init__:
            kind.__init__ = original
        original(self, *args, **kwargs)
        quietly(_tell_dataclass, self, kwargs)
    return __init__


def _tell_dataclass(settings, given):
    # Where a system composes the configuration, a class is a part of it that it will tell itself.
    if is_quiet() or has_spoken('dataclass') or any(name in sys.modules for name in ('hydra', 'omegaconf', 'absl.flags')):
        return
    tell_instance('dataclass', settings, plain(members_of(settings)), given, type(settings))


def tell_instance(system, settings, values, given, kind, more=None, enum='name', sources=()):
    for known, id in _told:
        if _holds(settings, known):
            report_config(system, {}, id=id)
    id = '%s:%d' % (system, len(_told) + 1)
    _told.append((settings, id))
    places = _read_places() if given else {}
    origins = {}
    for path, _ in leaves(values):
        found = (more or {}).get(path)
        if found is None and path[0] in given:
            found = places.get(path) or places.get(path[:1]) or {'kind': 'program'}
        origins[join_key(*path)] = found or field_place(kind, path[0]) or {'kind': 'default'}
    report_config(system, values, origins, None, None, list(sources), id=id, enum=enum)


def _holds(settings, part):
    members = members_of(settings) or {}
    return any(value is part for value in members.values())


def _read_places():
    """Lines of the configuration files that the program has read by now."""
    places = {}
    for path in reversed(read_configs()):
        places.update((key, in_file(path, line)) for key, line in key_lines(path).items())
    return places


def install_transformers(module):
    after(module.TrainingArguments, '__post_init__', _tell_training)


def _tell_training(result, arguments):
    if is_quiet() or has_spoken('argparse') or not _is_made_by_user():
        return
    values = plain(members_of(arguments), 'value')
    defaults = type(arguments).__dataclass_fields__
    given = [name for name in values if name in defaults and values[name] != plain(defaults[name].default, 'value')]
    for name in ('hub_token', 'push_to_hub_token'):
        if values.get(name):
            values[name] = hidden('token', 'config.' + name)
    tell_instance('hf', arguments, values, given, type(arguments))


def _is_made_by_user():
    return called_by_user('transformers.', 'dataclasses') or _is_generated_init()


def _is_generated_init():
    """`__init__` of a dataclass is code without a file; whoever called it is one further out."""
    frame = sys._getframe(1)
    while frame is not None:
        path = frame.f_code.co_filename
        if path == '<string>' and frame.f_code.co_name == '__init__':
            return frame.f_back is not None and not is_library(frame.f_back.f_code.co_filename)
        frame = frame.f_back
    return False


def install_pydantic(module):
    after(module.BaseSettings, '__init__', _tell_pydantic)


def _tell_pydantic(result, settings, /, *args, **given):
    kind = type(settings)
    path = getattr(sys.modules.get(kind.__module__), '__file__', None)
    if is_quiet() or (path is not None and is_library(path)):
        return
    import json
    from .untouched import untouched
    with untouched(True):
        values = settings.model_dump(mode='json') if hasattr(kind, 'model_dump') else json.loads(settings.json())
    for name, value in (members_of(settings) or {}).items():
        if hasattr(type(value), 'get_secret_value') and name in values:
            values[name] = plain(value)
    fields = kind.model_fields if hasattr(kind, 'model_fields') else kind.__fields__
    config = _settings_of(kind)
    files = given.get('_env_file', config.get('env_file')) or ()
    files = [os.path.abspath(os.fspath(file)) for file in ([files] if isinstance(files, (str, os.PathLike)) else files)
             if os.path.isfile(file)]
    more = {}
    for path, _ in leaves(values):
        if path[0] in fields and path[0] not in given:
            origin = _settings_origin(path, fields[path[0]], config, files)
            if origin is not None:
                more[path] = origin
    tell_instance('pydantic', settings, values, [name for name in given if name in fields], kind, more, 'value', files)


def _settings_of(kind):
    """How a class of settings names what it reads; before pydantic 2 in a class of its own."""
    older = getattr(kind, '__config__', None)
    if older is None or hasattr(kind, 'model_config'):
        return getattr(kind, 'model_config', None) or {}
    names = ('env_prefix', 'env_file', 'env_nested_delimiter', 'case_sensitive')
    return {name: getattr(older, name, None) for name in names}


def _settings_origin(path, field, config, files):
    name = path[0]
    alias = getattr(field, 'validation_alias', None) or getattr(field, 'alias', None)
    names = [alias] if isinstance(alias, str) else list(getattr(alias, 'choices', ()) or ())
    names += list(getattr(getattr(field, 'field_info', None), 'extra', {}).get('env_names', ()))
    names = [str(item) for item in names] or [(config.get('env_prefix') or '') + name]
    if config.get('cli_parse_args'):
        found = [word for word in sys.argv[1:] if _is_option(word, path)]
        if found:
            return override(' '.join(found))
    delimiter = config.get('env_nested_delimiter')
    if delimiter:
        names += [delimiter.join((first,) + path[1:end]) for first in names[:] for end in range(2, len(path) + 1)]
    for variable in os.environ:
        if _is_named(variable, names, config):
            return {'kind': 'environment', 'name': variable}
    for file in reversed(files):
        for key, line in key_lines(file).items():
            if _is_named(key[-1], names, config):
                return in_file(file, line)
    return None


def _is_option(word, path):
    key = word.lstrip('-').partition('=')[0].replace('-', '_')
    return word.startswith('-') and any(key == '.'.join(path[:end]) for end in range(1, len(path) + 1))


def _is_named(variable, names, config):
    if config.get('case_sensitive'):
        return variable in names
    return variable.lower() in [name.lower() for name in names]
