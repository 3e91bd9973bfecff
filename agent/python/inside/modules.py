"""Which modules the program really imports, of libraries by their top-level name."""
import os
import sys

from _runrecord import places, state
from _runrecord.guard import is_loading, member
from _runrecord.native import extensions
from _runrecord.report import report

BATCH = 64
pending = []
_told = set()
_standard = None


def on_import(arguments):
    pending.append(arguments[0])
    if len(pending) >= BATCH:
        tell_loaded()


def tell_main():
    """The script, before it runs; what is started by `-m` is known later."""
    argv = getattr(sys, 'argv', None) or ['']
    if argv[0] not in ('', '-', '-c', '-m') and os.path.isfile(argv[0]):
        file = places.absolute(argv[0])
        if not places.is_library(file):
            _told.add('__main__')
            report({'t': 'module', 'name': '__main__', 'file': file, 'version': None})


def tell_loaded():
    """Those that have been executed since; a package is among them only after what it imports."""
    names, pending[:] = pending[:], []
    for name in names:
        module = sys.modules.get(name)
        if module is None:
            continue
        if is_loading(module):
            pending.append(name)
        else:
            tell(name, module)


def tell(name, module):
    if name in _told:
        return
    file = member(module, '__file__')
    if not isinstance(file, str):
        file = None
    else:
        file = places.absolute(file)
        if not is_standard(name.partition('.')[0], file):
            extensions.loaded(name, file)
    if file is not None and not places.is_library(file):
        _told.add(name)
        report({'t': 'module', 'name': name, 'file': file, 'version': version_of(module)})
        return
    top = name.partition('.')[0]
    if top in _told or is_standard(top, file):
        return
    _told.add(top)
    package = sys.modules.get(top, module)
    report({'t': 'module', 'name': top, 'file': member(package, '__file__'),
            'version': version_of(package)})


def version_of(module):
    version = member(module, '__version__')
    return version if isinstance(version, str) else None


def is_standard(name, file):
    """Of Python itself, or of this package."""
    global _standard
    if name in ('_runrecord', 'sitecustomize', '__main__'):
        return True
    if file is not None and file.startswith(os.path.dirname(state.inside) + '/'):
        return True
    names = getattr(sys, 'stdlib_module_names', None)
    if names is not None:
        return name in names
    if file is None:
        return True
    if _standard is None:
        _standard = os.path.dirname(os.path.realpath(os.__file__)) + '/'
    real = os.path.realpath(file)
    return real.startswith(_standard) and '/site-packages/' not in real and '/dist-packages/' not in real


def tell_all():
    tell_loaded()
    for name, module in list(sys.modules.items()):
        if module is not None:
            tell(name, module)


EVENTS = {'import': on_import}
