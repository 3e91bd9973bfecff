"""Metrics that a program logs already. What is told by one call on another (Lightning's logger writes
through TensorBoard's) is told by the outer one alone; the same value of the same step, once."""

import os
import time
from _thread import _local, allocate_lock

from .hook import at_exit, forgetting, quietly, report
from .hooks import around
from .values import plain_number

_state = _local()
_lock = allocate_lock()
# Source -> points that are not written yet.
_waiting = {}
# Name -> newest points, so that a second road does not tell them again.
_newest = {}
# The second that it is, and how many lines were written in it.
_pace = [0, 0]
LINES_A_SECOND = 100
MAX_WAITING = 200
REMEMBERED = 64
forgetting.append(_newest.clear)


def _begin_fork():
    """What waits is the parent's to write, and a thread of it may hold the lock."""
    global _lock
    _lock = allocate_lock()
    _waiting.clear()


if hasattr(os, 'register_at_fork'):
    os.register_at_fork(after_in_child=_begin_fork)


def route(owner, name, source, points_of):
    """`points_of(*args, **kwargs)` gives (name, value, step, epoch) of a call. While it goes on, others
    tell nothing."""
    def begin(*args, **kwargs):
        if getattr(_state, 'depth', 0) == 0:
            tell(source, quietly(lambda: list(points_of(*args, **kwargs))) or ())
        _state.depth = getattr(_state, 'depth', 0) + 1

        def end(result, error):
            _state.depth -= 1
        return end
    around(owner, name, begin)


def is_muted():
    return getattr(_state, 'depth', 0) > 0


class muted:
    def __enter__(self):
        _state.depth = getattr(_state, 'depth', 0) + 1

    def __exit__(self, *exception):
        _state.depth -= 1


def tell(source, points):
    now = time.time()
    kept = []
    for name, value, step, epoch in points:
        point = [str(name), plain_number(value), _count(step), _count(epoch), now]
        if point[1] is not None and not _is_known(source, point):
            kept.append(point)
    if not kept:
        return
    with _lock:
        _waiting.setdefault(source, []).extend(kept)
        is_due = _is_due()
    _start()
    if is_due:
        flush()


def _is_due():
    """At once, so that a kill loses nothing; a program that logs faster than anybody reads, in batches."""
    second = int(time.monotonic())
    if second != _pace[0]:
        _pace[:] = [second, 0]
    _pace[1] += 1
    return _pace[1] <= LINES_A_SECOND or sum(len(points) for points in _waiting.values()) >= MAX_WAITING


def _count(number):
    return None if number is None else plain_number(number)


def _is_known(source, point):
    """Another source has told this value of this step, or of none."""
    newest = _newest.setdefault(point[0], [])
    key = (point[1], point[2])
    if any(known[1:] == key and known[0] != source for known in newest):
        return True
    newest.append((source,) + key)
    del newest[:-REMEMBERED]
    return False


_started = []


def _start():
    if not _started:
        _started.append(True)
        at_exit(flush)
    from . import settings
    settings.look_sometimes()


def flush():
    with _lock:
        waiting = dict(_waiting)
        _waiting.clear()
    for source, points in waiting.items():
        report({'t': 'metrics', 'source': source, 'points': points})


def last_words():
    flush()
