"""Where each value of a composed Hydra config comes from: the file and line that set it last, the
command line, a variable, or nowhere but this start."""

import os
import re
import sys

from .command_line import in_file, override
from .config_report import join_key, leaves
from .dataclass_places import field_place
from .file_places import key_lines, place_for

_REFERENCE = re.compile(r'\$\{\s*(\.*[\w.\-\[\]]+)\s*\}')
_VARIABLE = re.compile(r'\$\{\s*(?:oc\.)?env\s*:\s*([A-Za-z_]\w*)')
# What is of one start only: the time, and the folders and numbers that are made of it.
_GENERATED = re.compile(
    r'\$\{\s*(?:now\s*:|hydra\s*:\s*(?:run\.dir|sweep\.(?:dir|subdir)|runtime\.output_dir|job\.(?:id|num)|run\b))'
)


def is_multirun(hydra):
    mode = hydra.get('mode', None)
    if mode is not None:
        return getattr(mode, 'name', str(mode)) == 'MULTIRUN'
    return hydra.job.get('num', None) is not None


def task_overrides(hydra):
    return [str(text) for text in hydra.overrides.task]


def job_directory(config):
    try:
        omegaconf = sys.modules['omegaconf'].OmegaConf
        folder = str(omegaconf.select(config, 'hydra.sweep.dir'))
        return os.path.abspath(os.path.join(folder, str(omegaconf.select(config, 'hydra.sweep.subdir'))))
    except Exception:
        return None


def find(seen, composed, overrides, hydra):
    """(origins by dotted key, files that were composed)"""
    places, sources = {}, []
    for default, result in composed:
        _place_file(default, result, places, sources)
    given = _given(overrides, _choices(hydra))
    origins = {}
    for path, _ in leaves(seen.values):
        if path[0] != 'hydra':
            origin = refine(path, seen.raw, places, given)
            origins[join_key(*path)] = dict(origin, kind='generated') if path in seen.drawn else origin
    return origins, sources


def _place_file(default, result, places, sources):
    path = default.config_path or ''
    if path == 'hydra' or path.startswith('hydra/'):
        return
    package = default.package
    if package is None:
        package = (result.header or {}).get('package')
    prefix = tuple(part for part in (package or '').split('.') if part and part not in ('_global_',))
    file = _file_of(result.path, path)
    if file is not None:
        if file not in sources:
            sources.append(file)
        for key, line in key_lines(file).items():
            if key[0] != 'defaults' and (key[0] != 'hydra' or prefix):
                places[prefix + key] = in_file(file, line)
    else:
        place_classes(result.config, (), places, 0)


def _file_of(source, path):
    scheme, sign, folder = (source or '').partition('://')
    if not sign or scheme not in ('file', 'pkg'):
        return None
    if scheme == 'pkg':
        module = sys.modules.get(folder.replace('/', '.'))
        folder = next(iter(getattr(module, '__path__', ())), None)
    if folder is None:
        return None
    full = os.path.join(folder, path if path.endswith(('.yaml', '.yml')) else path + '.yaml')
    return os.path.abspath(full) if os.path.isfile(full) else None


def place_classes(node, place, places, depth):
    """Structured configs: the field of the class is where a default stands."""
    content = node.__dict__.get('_content')
    if not isinstance(content, dict) or depth > 20:
        return
    kind = getattr(node._metadata, 'object_type', None)
    for key, member in content.items():
        inner = place + (str(key),)
        if isinstance(kind, type) and isinstance(key, str):
            found = field_place(kind, key)
            if found is not None:
                places[inner] = found
        if '_content' in getattr(member, '__dict__', {}):
            place_classes(member, inner, places, depth + 1)


def _choices(hydra):
    """Groups that were chosen from: `model=small` names a file there, and no value."""
    try:
        return set(str(key) for key in hydra.runtime.choices)
    except Exception:
        return set()


def _given(overrides, choices):
    given = {}
    for text in overrides:
        key, sign, _ = text.partition('=')
        key = key.lstrip('+')
        if sign and key not in choices and '@' not in key and not key.startswith('~'):
            given[tuple(key.replace('[', '.').replace(']', '').split('.'))] = override(text)
    return given


def refine(path, raw, places, given):
    for end in range(len(path), 0, -1):
        if path[:end] in given:
            found = given[path[:end]]
            break
    else:
        found = place_for(path, places)
    found = found or {'kind': 'default'}
    text = next((raw[path[:end]] for end in range(len(path), 0, -1) if path[:end] in raw), None)
    if text is None:
        return found
    if _is_generated(path, text, raw, 0):
        return dict(found, kind='generated')
    variable = _VARIABLE.search(text)
    if variable is not None and variable.group(1) in os.environ:
        return dict(found, kind='environment', name=variable.group(1))
    return found


def _is_generated(path, text, raw, depth):
    if _GENERATED.search(text):
        return True
    for reference in _REFERENCE.findall(text):
        bare = reference.lstrip('.')
        up = len(reference) - len(bare)
        base = path[:len(path) - up] if up else ()
        target = base + tuple(bare.replace('[', '.').replace(']', '').split('.'))
        if target in raw and depth < 10 and _is_generated(target, raw[target], raw, depth + 1):
            return True
    return False
