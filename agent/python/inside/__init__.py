"""What reports from inside a recorded Python program; standard library only, Python 3.8 and newer.

Loaded by `site/sitecustomize.py` as the package `_runrecord`, from outside of `sys.path`. It writes
observed lines into the run's folder and does nothing else that the program could notice: it never
raises into it, never prints, and computes nothing that the program waits for.
"""
import os
import sys


def start(folder, site, loader):
    """Begins to observe this process; `folder`: where this package lies."""
    run = os.environ['RUNRECORD_DIR']
    observed = os.path.join(run, 'observed')
    if not hasattr(sys, 'addaudithook') or not os.path.isdir(observed):
        return
    finder = Finder(folder, loader)
    sys.meta_path.insert(0, finder)
    from _runrecord import state
    state.observed, state.site, state.inside, state.finder = observed, site, folder, finder
    state.folder = os.path.dirname(os.path.dirname(run))
    state.root = os.path.dirname(state.folder)
    from _runrecord import beginning
    beginning.begin()


class Finder:
    """Finds the modules of this package, for which nothing is on `sys.path`, and those that
    something is to be done with once they are loaded; passes over all others."""

    def __init__(self, folder, loader):
        self.folder, self.loader = folder, loader
        self.wanted = {}

    def find_spec(self, name, path=None, target=None):
        if name in self.wanted:
            from _runrecord import imports
            return imports.find_wanted(name, path, target)
        if name.startswith('_runrecord.'):
            return self.find_own(name)
        return None

    def find_own(self, name):
        from _frozen_importlib_external import spec_from_file_location
        place = os.path.join(self.folder, *name.split('.')[1:])
        if os.path.isdir(place):
            file = place + '/__init__.py'
            return spec_from_file_location(name, file, loader=self.loader(name, file),
                                           submodule_search_locations=[place])
        file = place + '.py'
        return spec_from_file_location(name, file, loader=self.loader(name, file))
