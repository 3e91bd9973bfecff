"""What changes numbers, as it was while the program ran: deterministic flags, threads, device and
precision. Told when it is first asked for (with the first metric), when the program sets it, and at the
end; a killed run has what it had until then."""

import os
import sys
import time

from . import at_start
from .callers import is_launcher, is_loader_worker
from .hook import forgetting, quietly, redact, report
from .hooks import after, before

VARIABLES = (
    'OMP_', 'MKL_', 'OPENBLAS_', 'BLIS_', 'VECLIB_', 'NUMEXPR_', 'CUDA_', 'CUBLAS_', 'CUDNN_', 'NVIDIA_TF32_OVERRIDE',
    'PYTORCH_', 'TORCH_', 'TF_', 'XLA_', 'JAX_', 'NCCL_', 'TOKENIZERS_PARALLELISM', 'PYTHONHASHSEED', 'KMP_', 'GOMP_',
    'KERAS_BACKEND', 'HIP_', 'ROCR_',
)
EVERY_S = 30.0
_told = {}
_last = [0.0]
forgetting.append(_told.clear)


def _variables():
    return {name: value for name, value in os.environ.items() if name.startswith(VARIABLES)}


def setting(name, value):
    if value is not None and _told.get(name, _told) != value:
        _told[name] = value
        report({'t': 'setting', 'name': name, 'value': value})


def look_sometimes():
    now = time.monotonic()
    if now - _last[0] > EVERY_S or not _last[0]:
        look()


def look():
    _last[0] = time.monotonic()
    if is_loader_worker() or is_launcher():
        return
    quietly(_look_variables)
    for name, ask in (('torch', _look_torch), ('tensorflow', _look_tensorflow), ('jax', _look_jax)):
        if name in sys.modules and not _is_loading(name):
            quietly(ask, sys.modules[name])
    if 'numpy' in sys.modules or 'torch' in sys.modules:
        from . import runtime
        quietly(runtime.look)


def last_words():
    look()


def _is_loading(name):
    return getattr(getattr(sys.modules[name], '__spec__', None), '_initializing', False)


def _look_variables():
    for name, value in _variables().items():
        if at_start.get(name) != value:
            setting(name, redact(value, name, 'environment.settings'))


def install_torch(torch):
    for name in ('use_deterministic_algorithms', 'set_float32_matmul_precision', 'set_num_threads',
                 'set_num_interop_threads', 'set_default_dtype', 'set_default_device', 'set_flush_denormal'):
        after(torch, name, _look_again)
    mode = sys.modules.get('torch.amp.autocast_mode')
    if mode is not None:
        before(mode.autocast, '__init__', _tell_autocast)


def _look_again(result, *args, **kwargs):
    _look_torch(sys.modules['torch'])


_autocast = []


def _tell_autocast(context, device_type=None, dtype=None, enabled=True, *args, **kwargs):
    if not enabled:
        return
    if dtype is None and device_type is not None:
        ask = getattr(sys.modules['torch'], 'get_autocast_dtype', None)
        dtype = ask(device_type) if ask else 'default'
    used = '%s %s' % (device_type, str(dtype).replace('torch.', ''))
    if used not in _autocast and len(_autocast) < 8:
        _autocast.append(used)
        setting('torch.autocast', ', '.join(_autocast))


def _look_torch(torch):
    cudnn = torch.backends.cudnn
    values = {
        'torch.backends.cudnn.deterministic': cudnn.deterministic,
        'torch.backends.cudnn.benchmark': cudnn.benchmark,
        'torch.use_deterministic_algorithms': torch.are_deterministic_algorithms_enabled(),
        'torch.float32_matmul_precision': _asked(torch, 'get_float32_matmul_precision'),
        'torch.default_dtype': str(torch.get_default_dtype()).replace('torch.', ''),
        'torch.num_threads': torch.get_num_threads(),
        'torch.num_interop_threads': torch.get_num_interop_threads(),
        'torch.device': ', '.join(_devices(torch)),
    }
    if torch.are_deterministic_algorithms_enabled():
        values['torch.deterministic_warn_only'] = _asked(torch, 'is_deterministic_algorithms_warn_only_enabled')
    if torch.version.cuda is not None:
        values['torch.backends.cuda.matmul.allow_tf32'] = torch._C._get_cublas_allow_tf32()
        values['torch.backends.cudnn.allow_tf32'] = torch._C._get_cudnn_allow_tf32()
    for name, value in values.items():
        setting(name, value)


def _asked(owner, name):
    ask = getattr(owner, name, None)
    return None if ask is None else ask()


def _devices(torch):
    """The devices that held something of this process."""
    used = []
    if torch.cuda.is_initialized():
        for index in range(torch.cuda.device_count()):
            if torch.cuda.max_memory_allocated(index) > 0:
                used.append('cuda:%d' % index)
    mps = sys.modules.get('torch.mps')
    if mps is not None and getattr(torch.backends, 'mps', None) is not None and torch.backends.mps.is_built():
        if torch.backends.mps.is_available() and mps.driver_allocated_memory() > 0:
            used.append('mps')
    return used or ['cpu']


def _look_tensorflow(tensorflow):
    config = tensorflow.config
    setting('tensorflow.intra_op_threads', config.threading.get_intra_op_parallelism_threads())
    setting('tensorflow.inter_op_threads', config.threading.get_inter_op_parallelism_threads())
    experimental = getattr(config, 'experimental', None)
    setting('tensorflow.tensor_float_32', _asked(experimental, 'tensor_float_32_execution_enabled'))


def _look_jax(jax):
    for name in ('jax_enable_x64', 'jax_default_matmul_precision', 'jax_default_prng_impl', 'jax_threefry_partitionable'):
        value = getattr(jax.config, name, None)
        setting('jax.' + name[4:], value if value is None or isinstance(value, (bool, int, str)) else str(value))
    bridge = sys.modules.get('jax._src.xla_bridge')
    # Asking for devices would start a backend; one that is there has been used.
    backends = getattr(bridge, '_backends', None)
    if backends:
        setting('jax.device', ', '.join(sorted(backends)))


def install_trainer(module):
    after(module.Trainer, '__init__', _tell_trainer)


def _tell_trainer(result, trainer, /, *args, **kwargs):
    setting('lightning.precision', str(trainer.precision))
    setting('lightning.devices', trainer.num_devices)
    setting('lightning.nodes', trainer.num_nodes)
    setting('lightning.strategy', type(trainer.strategy).__name__)
    setting('lightning.accelerator', type(trainer.accelerator).__name__)
