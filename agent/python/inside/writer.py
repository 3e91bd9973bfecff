"""Writes the lines of this process, whatever it does to its descriptors, limits and forks.

The program may close our descriptor and get its number for a file of its own: each write first
checks that the descriptor still is our file. Where nothing can be written, nothing is: no error
leaves this module.
"""
import os
from _signal import SIG_DFL, SIGXFSZ, getsignal

from _runrecord import state
from _runrecord.encoding import import_unseen

errno = import_unseen('errno')
# Above what a program counts on to get, or closes one by one.
HIGH = 200

pid = 0
fd = -1
path = ''
identity = None
written = 0
# The last line may be torn: the next one begins with a line end.
torn = False
# No longer a place to write to.
dead = False
# The descriptor may stay open: it is high enough.
held = False
fcntl = None
# What says who this process is, as the first thing in its file.
introduce = None
# While it does, lines that are to come after its own.
introducing = None


def write(line):
    """One line of bytes, without its end, as one write."""
    global fd, dead, torn, written
    process = os.getpid()
    if pid != process:
        become(process)
    elif dead:
        return
    if fd < 0 or not is_ours():
        first = not path
        reopen()
        if first and fd >= 0:
            introduce()
        if fd < 0 and not dead:
            reopen()
        if fd < 0:
            return
    data = b'\n' + line + b'\n' if torn else line + b'\n'
    if getsignal(SIGXFSZ) == SIG_DFL and written + len(data) > longest_file():
        dead = True
        return
    try:
        count = os.write(fd, data)
    except OSError:
        torn = True
        return
    finally:
        if not held:
            os.close(fd)
            fd = -1
    written += count
    torn = count < len(data)


def longest_file():
    """A write beyond this ends a program that has not the signal ignored, as Python has it."""
    resource = import_unseen('resource')
    longest = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return float('inf') if longest == resource.RLIM_INFINITY else longest


def is_ours():
    try:
        stat = os.fstat(fd)
    except OSError:
        return False
    return (stat.st_dev, stat.st_ino) == identity


def become(process):
    """A process that has just been started or forked: it has a file of its own. One that may make
    none any more (it is another user now, or in another root) goes on in that of its parent."""
    global pid, fd, path, identity, written, torn, dead
    inherited = (fd, path, identity) if fd >= 0 and is_ours() else None
    pid, fd, path, identity, written, torn, dead = process, -1, '', None, 0, False, False
    reopen()
    if fd >= 0:
        introduce()
        if inherited is not None:
            os.close(inherited[0])
    elif inherited is not None:
        fd, path, identity = inherited
        dead = False


def reopen():
    global fd, path, identity, dead
    fd = -1
    new = not path
    name = path or '%s/%d-%s.jsonl' % (state.observed, pid, os.urandom(6).hex())
    flags = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
    try:
        low = os.open(name, flags | os.O_CREAT | os.O_EXCL if new else flags, 0o600)
    except OSError as error:
        # Too many open files may pass; a folder that is gone, or not ours any more, does not.
        dead = error.errno not in (errno.ENFILE, errno.EMFILE)
        return
    stat = os.fstat(low)
    if not new and identity != (stat.st_dev, stat.st_ino):
        os.close(low)
        dead = True
        return
    path, identity = name, (stat.st_dev, stat.st_ino)
    fd = lift(low)


def lift(low):
    """To a number that the program does not meet; where there is none, it is not kept open."""
    global held, fcntl
    try:
        if fcntl is None:
            fcntl = import_unseen('fcntl')
        lifted = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, HIGH)
    except (ImportError, OSError, ValueError):
        held = False
        return low
    os.close(low)
    held = True
    return lifted


def start():
    """Says who this process is, before anything that it does."""
    global pid
    pid = os.getpid()
    reopen()
    if fd >= 0:
        introduce()
