"""Seeds that the program sets. Libraries that seed again for themselves (workers of a DataLoader, an
estimator's own generator) are not the user's word and are passed over."""

import os
from _thread import _local

from .callers import caller, is_library, is_loader_worker
from .hook import forgetting, report
from .hooks import after, around, before
from .values import integer

_state = _local()
# Library -> values that were told; a sweep in one process sets some more, a loop very many.
_told = {}
MAX_TOLD = 8
forgetting.append(_told.clear)


def install_python(module):
    value = os.environ.get('PYTHONHASHSEED')
    if value and value != 'random':
        tell('PYTHONHASHSEED', int(value) if value.isdigit() else None)
    before(module, 'seed', lambda *args, **kwargs: _tell_call('random', args, kwargs, 'a'))


def install_numpy(module):
    before(module, 'seed', lambda *args, **kwargs: _tell_call('numpy', args, kwargs, 'seed'))
    after(module, 'default_rng', _tell_generator)


def install_torch(module):
    before(module, 'manual_seed', lambda *args, **kwargs: _tell_call('torch', args, kwargs, 'seed'))


def install_cuda(module):
    for name in ('manual_seed', 'manual_seed_all'):
        before(module, name, lambda *args, **kwargs: _tell_call('cuda', args, kwargs, 'seed'))


def install_tensorflow(module):
    before(module.random, 'set_seed', lambda *args, **kwargs: _tell_call('tensorflow', args, kwargs, 'seed'))


def install_jax(module):
    for name in ('PRNGKey', 'key'):
        before(module, name, lambda *args, **kwargs: _tell_call('jax', args, kwargs, 'seed'))


def install_helper(*names):
    """Functions that seed several libraries at once, called by the user or for a setting of the user's."""
    def install(module):
        for name in names:
            around(module, name, _begin_helper)
    return install


install_lightning = install_helper('seed_everything')
install_transformers = install_helper('set_seed', 'enable_full_determinism')
install_accelerate = install_helper('set_seed')
install_keras = install_helper('set_random_seed')


def _begin_helper(*args, **kwargs):
    if is_loader_worker():
        return None
    _state.depth = getattr(_state, 'depth', 0) + 1

    def end(result, error):
        _state.depth -= 1
    return end


def _is_users():
    if getattr(_state, 'depth', 0) > 0:
        return True
    frame = caller()
    return frame is not None and not is_library(frame.f_code.co_filename) and not is_loader_worker()


def _tell_call(library, args, kwargs, name):
    value = args[0] if args else kwargs.get(name)
    if not _is_old(library, value) and _is_users():
        tell(library, value)


def _is_old(library, value):
    """Asked first, as it costs least: programs seed in loops."""
    told = _told.get(library, ())
    return len(told) >= MAX_TOLD or (type(value) is int and value in told)


def _tell_generator(generator, *args, **kwargs):
    value = args[0] if args else kwargs.get('seed')
    if _is_old('numpy', value) or not _is_users():
        return
    if value is None:
        # It was drawn from the system: what it was can be told, so that the run can be repeated.
        entropy = getattr(generator.bit_generator.seed_seq, 'entropy', None)
        tell('numpy', entropy, True)
    elif not hasattr(value, 'bit_generator') and not hasattr(value, 'random_raw'):
        tell('numpy', getattr(value, 'entropy', value))


def tell(library, value, generated=False):
    if value is None:
        if not generated:
            return
    elif not isinstance(value, int):
        try:
            value = value.__index__()
        except Exception:
            value = None
    number = None if value is None else integer(int(value))
    told = _told.setdefault(library, [])
    if number in told or len(told) >= MAX_TOLD:
        return
    told.append(number)
    line = {'t': 'seed', 'library': library, 'value': number}
    if generated:
        line['generated'] = True
    report(line)
