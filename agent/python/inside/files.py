"""Which files the program reads and writes, by the audit events that Python raises before it does."""
import os
import stat as modes
import sys
from os import lstat, stat as look
from time import monotonic

from _runrecord import before, places, state
from _runrecord.guard import OUR_FILES
from _runrecord.report import at_job_change, blind, report, report_read

# A file that is opened for writing again within so many seconds is not told again.
REOPENED = 0.05
WRITING = os.O_WRONLY | os.O_RDWR
TEMPORARY = getattr(os, 'O_TMPFILE', 0)

# Path -> stat at which it was last seen.
reads = {}
# Path -> when its opening for writing was last told.
writes = {}
directories = set()
# So many paths are told one by one.
most = 0
# What this process, or the one that it was forked from, has made: no input.
created = set()
# What they have read that they have not made; also of the jobs before this one.
inputs = set()


def forget():
    reads.clear()
    writes.clear()
    directories.clear()


at_job_change.append(forget)


def path_of(path, dir_fd=None):
    """The absolute path of a path as a program gives it; None for what is none, or of no interest."""
    if type(path) is not str:
        if isinstance(path, int) or path is None:
            return None
        path = os.fspath(path)
        path = os.fsdecode(path) if isinstance(path, bytes) else str.__str__(path)
    if path[:1] != '/' and dir_fd is not None and dir_fd >= 0:
        path = os.readlink('/proc/self/fd/%d' % dir_fd) + '/' + path
    path = places.absolute(path)
    return None if places.is_passed_over(path) else path


def facts(stat):
    return [stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]


def stat_or_none(path):
    try:
        return look(path)
    except OSError:
        return None


def on_open(arguments):
    path, mode, flags = arguments
    if (flags == 0 and mode == 'rb') or type(flags) is not int:
        return  # A module's code, by io.open_code.
    if mode is not None and flags == 0:
        flags = flags_of(mode)
    folder = dir_fd_of_caller() if mode is None and is_relative(path) else None
    path = path_of(path, folder)
    if path is not None:
        opened(path, flags, 'open')


def is_relative(path):
    return not isinstance(path, int) and os.fsdecode(path)[:1] != '/'


def dir_fd_of_caller():
    """The event of `os.open` has not the folder that a path is relative to. A caller that names
    `dir_fd` holds its descriptor in one of its variables."""
    frame = program_frame()
    if frame is None or not any(type(const) is tuple and 'dir_fd' in const
                                for const in frame.f_code.co_consts):
        return None
    for value in list(frame.f_locals.values()) + [frame.f_globals.get(name)
                                                  for name in frame.f_code.co_names]:
        if type(value) is int and value > 2 and os.path.isdir('/proc/self/fd/%d' % value):
            return value
    return None


def program_frame():
    """The nearest frame that is not of this package."""
    frame = sys._getframe()
    while frame is not None and frame.f_code.co_filename.startswith(OUR_FILES):
        frame = frame.f_back
    return frame


def flags_of(mode):
    """Of a file that C opens by `fopen`."""
    base = {'r': 0, 'w': os.O_CREAT | os.O_TRUNC, 'a': os.O_CREAT | os.O_APPEND}.get(mode[:1], 0)
    if '+' in mode:
        return base | os.O_RDWR
    return base | (os.O_WRONLY if base else os.O_RDONLY)


def opened(path, flags, how):
    """A file is about to be opened."""
    if before.is_ours(path):
        return
    if TEMPORARY and flags & TEMPORARY == TEMPORARY:
        return
    if flags & WRITING:
        opened_for_writing(path, flags, how)
    else:
        read(path, how)


def read(path, how):
    stat = stat_or_none(path)
    if stat is None or not modes.S_ISREG(stat.st_mode):
        return
    seen = stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
    known = reads.get(path)
    if known is not None:
        if known == seen or path in writes:
            return
    elif not os.access(path, os.R_OK) or places.is_code(path) or is_importing(path):
        return
    if is_full(path):
        return
    reads[path] = seen
    if path not in created:
        inputs.add(path)
    report_read(path, stat, how)


def is_importing(path):
    """Python itself looks what a path is (a zip file, a folder of modules), or loads code from it;
    not what a package asks its loader for."""
    frame = program_frame()
    if frame is None or not frame.f_code.co_filename.startswith('<frozen '):
        return False
    return frame.f_code.co_name != 'get_data' or path.endswith(('.py', '.pyc'))


def opened_for_writing(path, flags, how):
    stat = stat_or_none(path)
    if stat is None:
        if not flags & os.O_CREAT or not is_open_to_new(path):
            return
        created.add(path)
        wrote(path, None, 'create', how)
        return
    if not modes.S_ISREG(stat.st_mode) or (flags & os.O_CREAT and flags & os.O_EXCL):
        return
    if is_told(path):
        return
    if not os.access(path, os.W_OK):
        return
    again = path in writes
    if flags & os.O_TRUNC:
        if not again:
            before.keep(path, stat)
        wrote(path, stat, 'truncate', how)
        return
    if stat.st_size > 0 and not again:
        read(path, how)
        before.keep(path, stat, True)
    wrote(path, stat, 'append' if flags & os.O_APPEND else 'update', how)


def is_told(path):
    """Whether who else writes there is told apart: the last opening counts, but not each of many."""
    told = writes.get(path)
    return told is not None and monotonic() - told < REOPENED


def is_open_to_new(path):
    return os.access(os.path.dirname(path), os.W_OK | os.X_OK)


def wrote(path, stat, mode, how):
    if is_told(path) or (path not in writes and is_full(path)):
        return
    writes[path] = monotonic()
    report({'t': 'write', 'path': path, 'stat': None if stat is None else facts(stat),
            'mode': mode, 'how': how})


def set_limit():
    global most
    most = limit()
    return most


def limit():
    return state.spec().get('fileLimit', 50_000)


def is_full(path):
    """Beyond the limit only folders are told, so that memory and lines stay bounded."""
    if len(reads) + len(writes) + len(directories) < (most or set_limit()):
        return False
    blind('more than %d files in one process: of the others only the folders are known' % limit())
    listed(os.path.dirname(path))
    return True


def listed(path):
    if path not in directories and len(directories) < 2 * limit():
        directories.add(path)
        report({'t': 'directory', 'path': path})


def on_list(arguments):
    if is_importing(''):
        return
    path = arguments[0]
    path = path_of('.' if path is None else path)
    if path is not None and path not in directories and os.path.isdir(path):
        if len(reads) + len(writes) + len(directories) < limit():
            listed(path)


def on_rename(arguments):
    source, target, source_fd, target_fd = (tuple(arguments) + (None, None))[:4]
    source, target = path_of(source, source_fd), path_of(target, target_fd)
    if source is None and target is None:
        return
    if source is None or target is None:
        # Out of, or into, a place of no interest.
        if target is None:
            removed(source)
        else:
            opened_for_writing(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 'rename')
        return
    try:
        stat = lstat(source)
        folder = look(os.path.dirname(target))
    except OSError:
        return
    if stat.st_dev != folder.st_dev or source == target:
        return
    replaced = stat_or_none(target)
    if replaced is not None:
        before.keep(target, replaced)
    report({'t': 'rename', 'from': source, 'to': target, 'stat': facts(stat)})
    forget_path(source)
    for kind in (created, inputs):
        if source in kind:
            kind.discard(source)
            kind.add(target)
        else:
            kind.discard(target)
    reads.pop(target, None)
    writes.pop(target, None)


def forget_path(path):
    reads.pop(path, None)
    writes.pop(path, None)
    if path in directories or (path not in created and os.path.isdir(path)):
        inside = path + '/'
        for known in [known for known in reads if known.startswith(inside)]:
            del reads[known]
        for known in [known for known in writes if known.startswith(inside)]:
            del writes[known]


def on_remove(arguments):
    path = path_of(arguments[0], arguments[1] if len(arguments) > 1 else None)
    if path is not None:
        removed(path)


def removed(path):
    try:
        stat = lstat(path)
    except OSError:
        return
    if modes.S_ISREG(stat.st_mode):
        before.keep(path, stat)
    elif not modes.S_ISLNK(stat.st_mode):
        return
    report({'t': 'remove', 'path': path})
    forget_path(path)
    created.discard(path)
    inputs.discard(path)


def on_link(arguments):
    linked(arguments, True)


def on_symlink(arguments):
    linked(arguments, False)


def linked(arguments, hard):
    source, target = arguments[0], arguments[1]
    fds = [fd for fd in arguments[2:] if type(fd) is int]
    to = path_of(target, fds[-1] if fds else None)
    if to is None or os.path.lexists(to) or not is_open_to_new(to):
        return
    if hard:
        source = places.absolute(os.fsdecode(source))
        if source.startswith('/proc/'):
            created.add(to)
            wrote(to, None, 'create', 'link')
            return
        if not os.path.lexists(source):
            return
    else:
        source = os.path.join(os.path.dirname(to), os.fsdecode(source))
    report({'t': 'link', 'from': places.absolute(source), 'to': to, 'hard': hard})


def on_truncate(arguments):
    path = path_of(arguments[0])
    if path is not None and os.path.isfile(path):
        opened_for_writing(path, os.O_WRONLY, 'truncate')


def on_connect(arguments):
    from _runrecord import databases
    databases.on_connect(arguments)


EVENTS = {
    'sqlite3.connect': on_connect,
    'open': on_open,
    'os.rename': on_rename,
    'os.remove': on_remove,
    'os.link': on_link,
    'os.symlink': on_symlink,
    'os.truncate': on_truncate,
    'os.listdir': on_list,
    'os.scandir': on_list,
}
