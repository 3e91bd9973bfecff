"""Loads what reports from inside a recorded program, and gets out of its sight.

Python imports this at start, from the folder that the recorder puts in front of PYTHONPATH. It takes
that folder out of what the program sees, starts the hook, and gives way to the `sitecustomize` that
it stands before. It must do no harm on any Python, also on those that are too old for the hook.
"""
import os
import sys


def hide(here):
    """The program finds `sys.path` and `os.environ` as they were given to the recorder. The variable
    of C keeps the folder, so that children are loaded with it too."""
    value = os.environ.get('PYTHONPATH')
    after = sys.path.index(here) + 1 if here in sys.path else 0
    if value is not None:
        while value is not None and (value + os.pathsep).startswith(here + os.pathsep):
            value = value[len(here) + 1:] if value != here else None
        inner = os.environ._data if hasattr(os.environ, '_data') else os.environ.data
        encode = getattr(os.environ, 'encodekey', str)
        if value is None:
            inner.pop(encode('PYTHONPATH'), None)
        else:
            inner[encode('PYTHONPATH')] = encode(value)
        if value == '' and sys.path[after:after + 1] == [os.getcwd()]:
            # Behind ours it stands for the working folder; alone it would be nothing.
            del sys.path[after]
    sys.path[:] = [path for path in sys.path if path != here]
    sys.path_importer_cache.pop(here, None)


def start(here):
    """The package beside this folder becomes `_runrecord`; its bytecode is kept in the user's cache,
    by the ctime of this file, as installed files may all bear one mtime."""
    from _frozen_importlib_external import SourceFileLoader
    home = os.environ.get('XDG_CACHE_HOME') or os.path.join(os.path.expanduser('~'), '.cache')
    cache = os.path.join(home, 'runrecord', 'python', '%x' % os.stat(__file__).st_ctime_ns)
    inside = os.path.dirname(here)
    package = type(sys)('_runrecord')
    package.__path__, package.__file__ = [inside], os.path.join(inside, '__init__.py')
    package.__loader__ = SourceFileLoader('_runrecord', package.__file__)
    before = sys.pycache_prefix, sys.dont_write_bytecode
    sys.pycache_prefix, sys.dont_write_bytecode = cache, False
    try:
        code = package.__loader__.get_code('_runrecord')
    finally:
        sys.pycache_prefix, sys.dont_write_bytecode = before
    sys.modules['_runrecord'] = package
    exec(code, package.__dict__)
    package.start(inside, here, cache)


def give_way():
    """Runs the `sitecustomize` that this one shadows; where there is none, neither is this."""
    name = 'sitecustomize'
    if sys.version_info < (3, 5):
        import imp
        found = imp.find_module(name)
        del sys.modules[name]
        imp.load_module(name, *found)
        return
    from _frozen_importlib import module_from_spec
    for finder in sys.meta_path:
        spec = finder.find_spec(name, None) if hasattr(finder, 'find_spec') else None
        if spec is not None and spec.loader is not None:
            module = sys.modules[name] = module_from_spec(spec)
            spec.loader.exec_module(module)
            return
    absent = ImportError("No module named 'sitecustomize'")
    absent.name = name
    raise absent


def begin():
    here = os.path.dirname(os.path.abspath(__file__))
    try:
        hide(here)
        if sys.version_info >= (3, 8) and os.environ.get('RUNRECORD_DIR'):
            start(here)
    except Exception:
        pass


begin()
give_way()
