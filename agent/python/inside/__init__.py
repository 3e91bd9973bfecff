"""What reports from inside a recorded Python program; standard library only, Python 3.8 and newer.

Loaded by `site/sitecustomize.py` as the package `_runrecord`, from outside of `sys.path`. It writes
observed lines into the run's folder and does nothing else that the program could notice: it never
raises into it, never prints, and computes nothing that the program waits for.
"""
import marshal
import os
import sys

from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader, spec_from_file_location

FILE = '<frozen importlib._bootstrap_runrecord.%s>'


def start(folder, site, cache):
    """Begins to observe this process; `folder`: where this package lies, `cache`: of bytecode."""
    run = os.environ['RUNRECORD_DIR']
    observed = os.path.join(run, 'observed')
    if os.name != 'posix' or not hasattr(sys, 'addaudithook') or not os.path.isdir(observed):
        return
    bundle = Bundle(cache)
    finder = Finder(folder, cache, bundle)
    sys.meta_path.insert(0, finder)
    from _runrecord import state
    state.observed, state.site, state.inside, state.finder = observed, site, folder, finder
    state.folder = os.path.dirname(os.path.dirname(run))
    state.root = os.path.dirname(state.folder)
    from _runrecord import beginning
    beginning.begin(bundle.keep)


class Finder:
    """Finds the modules of this package, for which nothing is on `sys.path`, and those that
    something is to be done with once they are loaded; passes over all others."""

    def __init__(self, folder, cache, bundle):
        self.folder, self.cache, self.bundle = folder, cache, bundle
        self.wanted = {}

    def find_spec(self, name, path=None, target=None):
        if name in self.wanted:
            from _runrecord import imports
            return imports.find_wanted(name, path, target)
        if name.startswith('_runrecord.'):
            return self.find_own(name)
        return None

    def find_own(self, name):
        place = os.path.join(self.folder, *name.split('.')[1:])
        for file, inside in ((place + '.py', None), (place + '/__init__.py', [place])):
            try:
                stat = os.stat(file)
            except OSError:
                continue
            loader = Loader(name, file)
            loader.finder, loader.stamp = self, (file, stat.st_ctime_ns, stat.st_size)
            return spec_from_file_location(name, file, loader=loader,
                                           submodule_search_locations=inside)
        return None


class Loader(SourceFileLoader):
    """Takes bytecode from the user's cache: the folder of the product may not be written to."""

    def get_code(self, name):
        return self.finder.bundle.code_of(name, self.stamp, self.compiled)

    def compiled(self, name):
        before = sys.pycache_prefix, sys.dont_write_bytecode
        sys.pycache_prefix, sys.dont_write_bytecode = self.finder.cache, False
        try:
            return disguised(SourceFileLoader.get_code(self, name), FILE % name[11:])
        finally:
            sys.pycache_prefix, sys.dont_write_bytecode = before


def disguised(code, file):
    """Frames of such a file are those of the import system: a warning of a function that we stand
    before is told of the program's line (`stacklevel` passes over them), debuggers step over."""
    constants = tuple([disguised(const, file) if isinstance(const, type(code)) else const
                       for const in code.co_consts])
    return code.replace(co_filename=file, co_consts=constants)


class Bundle:
    """The bytecode of all that is loaded at the start, in one file: 3 ms instead of 5. By the
    ctime of each source, as installed files may all bear one mtime."""

    def __init__(self, cache):
        self.path = os.path.join(cache, 'start.' + sys.implementation.cache_tag)
        self.codes, self.used, self.stale = {}, {}, True
        try:
            with open(self.path, 'rb') as file:
                magic, codes = marshal.loads(file.read())
            if magic == MAGIC_NUMBER:
                self.codes, self.stale = codes, False
        except (OSError, ValueError, EOFError, TypeError):
            pass

    def code_of(self, name, stamp, compiled):
        stamp = stamp + (sys.flags.optimize,)
        kept = self.codes.get(name)
        if kept is not None and kept[0] == stamp:
            code = kept[1]
        else:
            code, self.stale = compiled(name), True
        if self.used is not None:
            self.used[name] = stamp, code
        return code

    def keep(self):
        """The start is over."""
        used, self.used, self.codes = self.used, None, {}
        if not self.stale:
            return
        passing = '%s.%d' % (self.path, os.getpid())
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            with open(passing, 'wb') as file:
                file.write(marshal.dumps((MAGIC_NUMBER, used)))
            os.replace(passing, self.path)
        except (OSError, ValueError):
            pass
