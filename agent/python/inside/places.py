"""Which paths say something about the run, and which belong to the interpreter, to the system, or
are the user's own keys."""
import os
import sys

from _runrecord import state
from _runrecord.guard import member

# In any of these lies nothing that a run is about.
SYSTEM = ('/dev/', '/proc/', '/sys/', '/etc/', '/usr/share/', '/usr/lib/', '/usr/lib64/', '/lib/',
          '/lib64/', '/usr/libexec/', '/usr/include/', '/var/cache/', '/var/lib/dpkg/', '/run/',
          '/usr/local/lib/python', '/usr/local/share/fonts/')
# What libraries keep for themselves, below the home folder.
CACHES = ('.cache/matplotlib/', '.config/matplotlib/', '.cache/fontconfig/', '.fonts/',
          '.local/share/fonts/', '.cache/pip/', '.cache/uv/', '.cache/runrecord/', '.triton/',
          '.cache/numba/', '.nv/ComputeCache/', '.keras/keras.json', '.cache/torch_extensions/',
          '.config/pip/', '.cache/huggingface/token', '.cache/huggingface/stored_tokens', '.netrc',
          '.aws/', '.config/gcloud/', '.azure/', '.kaggle/', '.ssh/', '.gitconfig', '.config/git/',
          '.config/wandb/', '.matplotlib/', '.ipython/', '.jupyter/', '.python_history')
# Prefixes that hold far more than Python.
WIDE = ('/', '/usr', '/usr/local', '/opt', '/home', '/root')

_skipped = None


def skipped():
    """The beginnings of all paths that are passed over."""
    global _skipped
    if _skipped is None:
        system = tuple(place for place in SYSTEM if not within(state.root, place.rstrip('/')))
        _skipped = tuple(sorted(library_folders())) + system + kept_by_libraries()
    return _skipped


def library_folders():
    folders = {state.folder, os.path.dirname(state.inside), os.path.dirname(os.__file__)}
    for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix):
        if prefix not in WIDE and not within(state.root, prefix):
            folders.add(prefix)
    real = {os.path.realpath(folder) for folder in folders}
    return {folder.rstrip('/') + '/' for folder in folders | real}


def kept_by_libraries():
    home = os.path.expanduser('~')
    if not home.startswith('/'):
        return ()
    passing = tempfile_folder() + '/torchinductor_'
    return tuple(home.rstrip('/') + '/' + part for part in CACHES) + (passing,)


def tempfile_folder():
    return (os.environ.get('TMPDIR') or '/tmp').rstrip('/')


def within(path, folder):
    return path == folder or path.startswith(folder.rstrip('/') + '/')


def is_library(path):
    """Of an absolute path: code of the interpreter, of installed packages, or of this package."""
    return (path.startswith(_skipped or skipped()) or '/site-packages/' in path or
            '/dist-packages/' in path or '/__pycache__/' in path or '/.git/' in path or
            '.egg-info/' in path or '.dist-info/' in path)


is_passed_over = is_library


def is_code(path):
    """The source of a module that is loaded: read for a traceback, or to be compiled."""
    if path[-3:] != '.py':
        return False
    for module in list(sys.modules.values()):
        file = member(module, '__file__')
        if isinstance(file, str) and (file == path or absolute(file) == path):
            return True
    return False


def absolute(path):
    """An absolute path, by the working folder of this moment; `..` behind a link is what it is."""
    if path[:1] != '/':
        path = os.getcwd().rstrip('/') + '/' + path
    if '//' not in path and '/.' not in path and path[-1:] != '/':
        return path
    plain = os.path.normpath(path)
    if plain.startswith('//'):
        plain = plain[1:]
    if '/..' not in path or same(plain, path):
        return plain
    head, tail = os.path.split(path.rstrip('/'))
    return os.path.join(os.path.realpath(head), tail)


def same(one, other):
    """Whether two paths lead to one place; of what is not there, whether their folders do."""
    try:
        return os.path.samestat(os.stat(one), os.stat(other))
    except OSError:
        pass
    try:
        return os.path.samestat(os.stat(os.path.dirname(one)), os.stat(os.path.dirname(other)))
    except OSError:
        return True
