"""Stands before the calls of the table, and tells the files that they are about to open."""
import os
import time

from _runrecord import files, places
from _runrecord.encoding import import_standard
from _runrecord.guard import StandIn, quietly, wrap
from _runrecord.report import blind

ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
MODES = {'r': os.O_RDONLY, 'r+': os.O_RDWR, 'rw': os.O_RDWR | os.O_CREAT, 'w': ANEW,
         'a': os.O_RDWR | os.O_CREAT | os.O_APPEND, 'x': ANEW | os.O_EXCL, 'w-': ANEW | os.O_EXCL}
# What a library opens, and may make, beside the file that it is given.
APPENDED = {
    'pysam': ('.fai', '.gzi', '.bai', '.csi', '.tbi', '.crai'),
    'cyvcf2': ('.csi', '.tbi'),
    'rasterio': ('.aux.xml', '.ovr', '.msk'),
}
SHAPES = ('.shx', '.dbf', '.prj', '.cpg', '.qix')
# So many files of a folder, or of a pattern, are told.
MANY = 10_000


def stand_before(module, attribute, act, position, name, how):
    owner, last = find(module, attribute)
    if owner is None:
        return
    original = getattr(owner, last)
    make = standing(act, position, name, how)
    if isinstance(original, type):
        setattr(owner, last, StandIn(original, make))
    else:
        wrap(owner, last, make)


def find(module, attribute):
    """(what has it, its last name); None where this version of the library has no such thing."""
    *parts, last = attribute.split('.')
    owner = module
    for part in parts:
        owner = getattr(owner, part, None)
    return (owner, last) if hasattr(owner, last) else (None, last)


def standing(act, position, name, how):
    def make(original):
        def call(*arguments, **named):
            after = quietly(before_call, act, position, name, how, arguments, named)
            try:
                return original(*arguments, **named)
            finally:
                if after is not None:
                    quietly(after)
        return call
    return make


def before_call(act, position, name, how, arguments, named):
    """Tells what is known before; answers what is to be done after the call, or None."""
    path = arguments[position] if len(arguments) > position else named.get(name)
    paths = paths_of(path)
    if act == 'mode':
        mode = arguments[position + 1] if len(arguments) > position + 1 else named.get('mode')
        act = flags_of_mode(mode)
    neighbours = [one for path in paths for one in beside(path, how)]
    since = time.time()
    after = (lambda: [tell_written(one, since, how) for one in neighbours]) if neighbours else None
    if act in ('read', os.O_RDONLY):
        for one in filter(os.path.isfile, neighbours):
            opened(one, os.O_RDONLY, how)
    if act == 'read':
        for path in paths:
            tell_read(path, how)
        return after
    if act in ('write', 'change') or isinstance(act, int):
        flags = act if isinstance(act, int) else ANEW if act == 'write' else os.O_RDWR | os.O_CREAT
        for path in paths:
            opened(path, flags, how)
        return after
    if act == 'both':
        for path in paths:
            watch(path, how)
        return after
    return lambda: [tell_written_below(path, since, how) for path in paths]


def flags_of_mode(mode):
    if mode is None:
        return os.O_RDONLY
    text = str(mode).replace('b', '').replace('t', '')
    return MODES.get(text, MODES['r+'] if '+' in text else MODES.get(text[:1], os.O_RDONLY))


def paths_of(given):
    """What the argument names on this machine, as absolute paths; patterns as they are."""
    if isinstance(given, (list, tuple)):
        return [path for one in list(given)[:MANY] for path in paths_of(one)]
    if isinstance(given, (str, bytes)) or hasattr(given, '__fspath__'):
        text = os.fsdecode(given)
        if text.startswith('file:'):
            text = '/' + text[5:].lstrip('/')
        if not text or '\n' in text or len(text) > 4096 or '://' in text:
            return []
        return [places.absolute(text)]
    if type(given).__module__.startswith('tensorflow.'):
        return paths_of_tensor(given)
    return []


def paths_of_tensor(tensor):
    """A constant holds its text; one of a graph has none before the graph runs, in native code."""
    try:
        value = tensor.numpy()
    except (AttributeError, NotImplementedError):
        blind('files that TensorFlow opens while it runs a graph (tf.data, tf.function)')
        return []
    return paths_of(value.ravel().tolist() if hasattr(value, 'ravel') else value)


def opened(path, flags, how):
    if not places.is_passed_over(path):
        files.opened(path, flags, how)


def tell_read(path, how):
    """A file, the files of a folder, those of a pattern, those of a prefix (checkpoints)."""
    if os.path.isfile(path):
        opened(path, os.O_RDONLY, how)
        return
    for one in expand(path):
        opened(one, os.O_RDONLY, how)


def expand(path):
    if os.path.isdir(path):
        return list(below(path))
    # What XGBoost and others take behind a path: `?format=csv`, `#cache`.
    for sign in ('?', '#'):
        bare = path.partition(sign)[0]
        if bare != path and os.path.isfile(bare):
            return [bare]
    glob = import_standard('glob', 'fnmatch', 're', 'contextlib', 'functools')
    pattern = path if any(sign in path for sign in '*?[') else glob.escape(path) + '.*'
    return sorted(one for one in glob.iglob(pattern, recursive=True) if os.path.isfile(one))[:MANY]


def below(folder):
    count = 0
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            count += 1
            if count > MANY:
                return
            yield os.path.join(place, name)


def tell_written_below(path, since, how):
    """What is newer than the call began; a clock of the file system may lie behind by a tick."""
    for one in below(path) if os.path.isdir(path) else expand(path):
        tell_written(one, since, how)


def tell_written(path, since, how):
    stat = files.stat_or_none(path)
    if stat is not None and stat.st_ctime >= since - 0.02 and not places.is_passed_over(path):
        files.created.add(path)
        files.wrote(path, None, 'create', how)


def beside(path, how):
    stem, ending = os.path.splitext(path)
    if ending.lower() == '.shp':
        return [stem + other for other in SHAPES]
    return [path + other for other in APPENDED.get(how, ())]


def watch(path, how):
    from _runrecord import databases
    databases.connect(path, how)

