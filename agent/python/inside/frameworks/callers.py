"""Who called: the user's own code, or a library."""

import os
import sys

from _runrecord import state

_STDLIB = os.path.dirname(os.path.realpath(os.__file__)) + os.sep
_STDLIB_AS_NAMED = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_known = {}

# Programs that start others or that look after them: their own options are nobody's configuration.
_TOOLS = frozenset(
    'torchrun accelerate deepspeed horovod pytest _pytest unittest IPython ipykernel jupyter jupyter_core '
    'jupyter_client notebook nbconvert pip setuptools hydra coverage debugpy pdb cProfile profile timeit '
    'trace line_profiler kernprof viztracer scalene memory_profiler memray dvc ray dask distributed gunicorn '
    'uvicorn flask celery pkg_resources virtualenv venv poetry uv nox tox papermill wandb clearml_agent '
    'numba compileall ensurepip zipapp doctest multiprocessing joblib loky triton'.split()
)
# Of those, the ones that start the user's program as another process.
_LAUNCHERS = ('torch.distributed.', 'accelerate.commands', 'deepspeed.launcher', 'horovod.runner')
_TOOL_MODULES = ('torch.distributed.', 'torch.utils.bottleneck', 'torch._inductor', 'torch._dynamo',
                 'mlflow.cli', 'mlflow.store.', 'tensorboard.', 'lightning.fabric.cli', 'json.tool')


def is_library(path):
    """Whether a file belongs to Python, to an installed package or to us; not for code without a file."""
    found = _known.get(path)
    if found is None:
        found = _known[path] = _judge(path)
    return found


def _judge(path):
    if path.startswith('<'):
        return path.startswith('<frozen') or path.startswith('<attrs') or path.startswith('<__array')
    full = os.path.abspath(path)
    if 'site-packages' in full or 'dist-packages' in full:
        return True
    return full.startswith(_STDLIB_AS_NAMED) or full.startswith(_STDLIB)


def is_ours(frame):
    return (frame.f_globals.get('__package__') or '').partition('.')[0] == '_runrecord'


def caller(*through):
    """The nearest frame that is neither ours nor of a module in `through` (names, or packages as `x.`)."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_globals.get('__name__') or ''
        if not is_ours(frame) and not _is_among(name, through):
            return frame
        frame = frame.f_back
    return None


def _is_among(name, through):
    return any(name == item or (item.endswith('.') and (name + '.').startswith(item)) for item in through)


def called_by_user(*through):
    frame = caller(*through)
    return frame is not None and not is_library(frame.f_code.co_filename)


def user_frame():
    """The nearest frame of the user's own code, however deep in libraries we are; or None."""
    frame = sys._getframe(1)
    while frame is not None:
        if not is_library(frame.f_code.co_filename):
            return frame
        frame = frame.f_back
    return None


def user_place():
    """File and line of the nearest of the user's frames, or None."""
    frame = user_frame()
    return None if frame is None else place_of(frame)


def place_of(frame):
    path = frame.f_code.co_filename
    return path if path.startswith('<') else os.path.abspath(path), frame.f_lineno


def is_tool(name):
    """Whether a module is of a program that runs or looks after the user's."""
    return name.partition('.')[0] in _TOOLS or name.startswith(_TOOL_MODULES)


def is_program(*through):
    """Whether a call comes from the program that runs: from the user's code, or from a library whose
    command was started (`python -m package.train`), and not from a tool around it."""
    frame = caller(*through)
    if frame is None:
        return False
    if not is_library(frame.f_code.co_filename):
        return True
    name = frame.f_globals.get('__name__') or ''
    main = sys.modules.get('__main__')
    started = getattr(getattr(main, '__spec__', None), 'name', None) or ''
    if is_tool(name) or is_tool(started) or is_tool(os.path.basename(sys.argv[0] if sys.argv else '')):
        return False
    if not _is_first_process():
        return False
    path = getattr(main, '__file__', None)
    # A console script lies in `bin` and counts as the user's own: it does nothing but call its package.
    return started != '' or (path is not None and os.path.basename(os.path.dirname(path)) in ('bin', 'Scripts'))


def is_loader_worker():
    """A process that loads data for another one: its seeds and threads are made for it by that one."""
    worker = sys.modules.get('torch.utils.data._utils.worker')
    return getattr(worker, '_worker_info', None) is not None


def is_launcher():
    """A program that starts the user's in processes of their own: what it is set to is nobody's matter."""
    name = getattr(getattr(sys.modules.get('__main__'), '__spec__', None), 'name', None) or ''
    script = os.path.basename(sys.argv[0] if sys.argv else '')
    return name.startswith(_LAUNCHERS) or script in ('torchrun', 'accelerate', 'deepspeed', 'horovodrun')


def _is_first_process():
    """Whether no other Python process of this run has said anything: a library's command that a program
    starts for itself (a migration of some database) is not what the run is about."""
    own = '%d-' % os.getpid()
    return all(name.startswith(own) for name in os.listdir(state.observed) if name.endswith('.jsonl'))
