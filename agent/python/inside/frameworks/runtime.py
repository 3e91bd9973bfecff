"""GPU, CUDA and BLAS as the program saw them: asked of what it has loaded and used, starting nothing."""

import os
import sys

from .hook import forgetting, read_unseen, report

_told = []
forgetting.append(_told.clear)


def look():
    line = {}
    torch = sys.modules.get('torch')
    if torch is not None and hasattr(torch, 'version'):
        line.update(_torch_facts(torch))
    blas = blas_libraries()
    if blas:
        line['blas'] = blas
    if line and (not _told or _told[-1] != line):
        _told[:] = [line]
        report(dict(line, t='runtime'))


def _torch_facts(torch):
    facts = {'cuda': torch.version.cuda, 'rocm': getattr(torch.version, 'hip', None), 'cudnn': None}
    if torch.version.cuda is None and facts['rocm'] is None:
        return facts
    if torch.cuda.is_initialized():
        facts['cudnn'] = _dotted(torch.backends.cudnn.version())
        facts['gpus'] = [_gpu(torch.cuda.get_device_properties(i)) for i in range(torch.cuda.device_count())]
    driver = (read_unseen('/proc/driver/nvidia/version', 4096) or '').split('Module')
    if len(driver) > 1:
        facts['driver'] = next((word for word in driver[1].split() if word[0].isdigit()), None)
    return facts


def _dotted(version):
    """cuDNN counts 8902 for 8.9.2, and 90100 for 9.1.0."""
    if version is None:
        return None
    major, rest = divmod(version, 10000 if version >= 90000 else 1000)
    return '%d.%d.%d' % (major, rest // 100, rest % 100)


def _gpu(properties):
    uuid = getattr(properties, 'uuid', None)
    return {
        'name': properties.name,
        'memoryBytes': properties.total_memory,
        'uuid': None if uuid is None else 'GPU-' + str(uuid),
    }


def blas_libraries():
    control = sys.modules.get('threadpoolctl')
    if control is not None and hasattr(control, 'threadpool_info'):
        found = [
            {'library': info.get('internal_api') or info.get('prefix'), 'version': info.get('version'),
             'threads': info.get('num_threads')}
            for info in control.threadpool_info()
        ]
        return _once(found)
    ctypes = sys.modules.get('ctypes')
    if ctypes is None or not sys.platform.startswith('linux'):
        return []
    return _once([found for path in _loaded_libraries() for found in [_ask(ctypes, path)] if found])


def _once(found):
    kept = []
    for item in found:
        if item not in kept:
            kept.append(item)
    return kept


def _loaded_libraries():
    maps = read_unseen('/proc/self/maps', 8 * 1024 * 1024) or ''
    paths = set(line.partition('/')[2] for line in maps.splitlines() if '.so' in line)
    return sorted('/' + path for path in paths if any(name in os.path.basename(path) for name in ('blas', 'mkl_rt', 'blis')))


def _ask(ctypes, path):
    """A library that is loaded already is opened once more: that starts nothing."""
    library = ctypes.CDLL(path, mode=getattr(os, 'RTLD_NOLOAD', 0) | os.RTLD_NOW)
    name = os.path.basename(path)
    if 'openblas' in name:
        for prefix in ('', 'scipy_'):
            for suffix in ('', '64_', '_64', '64'):
                ask = getattr(library, '%sopenblas_get_num_threads%s' % (prefix, suffix), None)
                config = getattr(library, '%sopenblas_get_config%s' % (prefix, suffix), None)
                if ask is None:
                    continue
                version = None
                if config is not None:
                    config.restype = ctypes.c_char_p
                    words = (config() or b'').decode('ascii', 'replace').split()
                    version = words[1] if len(words) > 1 and words[0] == 'OpenBLAS' else None
                return {'library': 'openblas', 'version': version, 'threads': ask()}
    if 'mkl_rt' in name and hasattr(library, 'MKL_Get_Max_Threads'):
        return {'library': 'mkl', 'version': None, 'threads': library.MKL_Get_Max_Threads()}
    return None
