"""Does something with a module right after it has been executed."""
import sys

from _runrecord import state
from _runrecord.guard import is_loading, quietly

# Names that are being looked for, so that the other finders may ask for them again.
_looking = set()
_offers = {}


def when_imported(name, apply):
    """Runs `apply(module)` as soon as `name` has been executed; at once where it has been."""
    module = sys.modules.get(name)
    if module is not None and not is_loading(module):
        quietly(apply, module)
        return
    state.finder.wanted.setdefault(name, []).append(apply)


def offer(name, find):
    """A module that is there for a program that finds none of that name; `find()` gives its spec."""
    _offers[name] = find
    state.finder.wanted.setdefault(name, [])


def find_wanted(name, path, target):
    """The spec that the other finders give, with a loader that tells when it is done."""
    if name in _looking:
        return None
    _looking.add(name)
    try:
        for finder in list(sys.meta_path):
            if finder is state.finder or not hasattr(finder, 'find_spec'):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                quietly(watch, name, spec)
                return spec
        return _offers[name]() if name in _offers else None
    finally:
        _looking.discard(name)


def watch(name, spec):
    loader = spec.loader
    execute = getattr(loader, 'exec_module', None)
    if execute is None:
        return
    if isinstance(loader, type):
        spec.loader = Told(loader, name)
        return

    def exec_module(module):
        del loader.exec_module
        execute(module)
        done(name, module)

    # On the instance and only until then: what the program sees is the loader that it would see.
    loader.exec_module = exec_module


class Told:
    """In place of a loader that is a class (of built-in and frozen modules), until it is done."""

    def __init__(self, loader, name):
        self._loader, self._name = loader, name

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        done(self._name, module)


def done(name, module):
    for apply in state.finder.wanted.pop(name, ()):
        quietly(apply, sys.modules.get(name, module))
