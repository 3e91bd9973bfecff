"""Compiled modules of which it is not known what they open: the recorder looks into their files."""
import os
import sys

from _runrecord import places
from _runrecord.guard import quietly
from _runrecord.native.table import PATHS
from _runrecord.report import report

# Beside those of the table. They open nothing, nothing that a run is about, or what Python has opened
# for them.
KNOWN = frozenset(name.partition('.')[0] for name in PATHS) | frozenset((
    'PIL _cffi_backend _duckdb _polars_runtime_32 _polars_runtime_64 _polars_runtime_compat '
    'aiohttp astropy asyncpg awkward_cpp bcrypt blis brotli cffi contourpy cramjam '
    'crc32c cryptography cuda cupy cupy_backends curl_cffi debugpy duckdb fontTools functorch gevent '
    'google google_crc32c greenlet grpc hf_transfer hf_xet igraph jaxlib jiter kiwisolver '
    'llvmlite lz4 matplotlib ml_dtypes msgspec nacl numba numexpr numpy nvidia '
    'orjson pandas pikepdf pillow_avif pillow_heif psutil psycopg psycopg2 psycopg_binary '
    'pyarrow pybase64 pycares pycurl pydantic_core pyodbc pyproj ray '
    'regex rignore rpds scipy shapely simplejson skimage sklearn snappy sqlalchemy statsmodels '
    'tensorflow tensorflow_io_gcs_filesystem tensorstore tiktoken tkinter torch torch_cluster '
    'torch_scatter torch_sparse torch_spline_conv torchaudio torchvision triton ujson uvloop wandb '
    'watchfiles wrapt xformers xgboost flash_attn bitsandbytes yaml zmq zstandard').split())
# What these read is told by the table; not all that they write.
READS_ARE_SEEN = frozenset(('lxml',))
ENDINGS = ('.so', '.pyd', '.dylib')

_told = set()


def loaded(name, file):
    """A module has been imported from this file."""
    if file.endswith(ENDINGS):
        tell(package_of(file) or name.partition('.')[0], file)


def on_dlopen(arguments):
    """`ctypes`: of what is found by its name alone the system is the owner."""
    path = arguments[0]
    if isinstance(path, (str, bytes)) and os.sep in os.fsdecode(path):
        quietly(opened, places.absolute(os.fsdecode(path)))


def opened(path):
    package = package_of(path)
    if package is not None or not places.is_library(path):
        tell(package or os.path.basename(path), path)


def package_of(path):
    """Of what is installed; `annoy.libs/libx.so` lies beside the package that it is for."""
    plain = path.replace('/dist-packages/', '/site-packages/')
    before, _, inside = plain.rpartition('/site-packages/')
    return inside.partition('/')[0].partition('.')[0] if before else None


def tell(name, path):
    if path in _told or name in getattr(sys, 'stdlib_module_names', ()):
        return
    if name in KNOWN and name not in READS_ARE_SEEN:
        return
    _told.add(path)
    report({'t': 'extension', 'name': name, 'file': path, 'reads': name not in READS_ARE_SEEN})


EVENTS = {'ctypes.dlopen': on_dlopen}
