"""The module `runrecord`, for programs that want to say more: there in every recorded run without being
installed. One that the user has installed, or has written, goes first."""

import os

from _runrecord import Loader, state
from _runrecord.imports import offer

PLACE = os.path.join(os.path.dirname(state.inside), 'module', 'runrecord')


def install():
    offer('runrecord', _find)


def _find():
    from _frozen_importlib_external import spec_from_file_location
    file = os.path.join(PLACE, '__init__.py')
    try:
        stat = os.stat(file)
    except OSError:
        return None
    loader = Loader('runrecord', file)
    loader.finder, loader.stamp = state.finder, (file, stat.st_ctime_ns, stat.st_size)
    return spec_from_file_location('runrecord', file, loader=loader, submodule_search_locations=[PLACE])
