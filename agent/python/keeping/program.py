"""Starts the program as a shell would have: search, signals, descriptors, limits."""
import errno
import os

import _signal as signal

from keeping.signals import IGNORED, PASSED_ON

PR_SET_CHILD_SUBREAPER = 36
# Of execvp: with these errors the search along PATH goes on.
ELSEWHERE = (errno.ENOENT, errno.ENOTDIR, errno.ESTALE, errno.ENODEV, errno.ETIMEDOUT)


class Start:
    """A child that has been made ready and waits; `go` lets it become the program."""

    def __init__(self, spec, stdio, own_group):
        gate, self.gate = os.pipe()
        self.report, report = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.gate)
            become(spec, stdio, own_group, gate, report)
        os.close(gate)
        os.close(report)
        if own_group:
            try:
                os.setpgid(self.pid, self.pid)
            except OSError:
                pass

    def go(self):
        """None when the program runs, else (errno, what could not be started)."""
        os.write(self.gate, b'1')
        os.close(self.gate)
        text = b''
        while True:
            chunk = os.read(self.report, 4096)
            if not chunk:
                break
            text += chunk
        os.close(self.report)
        if not text:
            return None
        number, _, subject = text.partition(b' ')
        return int(number), subject.decode('utf-8', 'replace')


def become(spec, stdio, own_group, gate, report):
    """In the child; never returns."""
    subject = spec.argv[0]
    try:
        if own_group:
            os.setpgid(0, 0)
        set_signals(spec.ignored)
        for number, descriptor in enumerate(stdio):
            if number != descriptor:
                os.dup2(descriptor, number)
        set_file_limit(spec.files)
        subject = spec.cwd
        os.chdir(spec.cwd)
        subject = spec.argv[0]
        if not os.read(gate, 1):
            os._exit(127)
        execute(spec.argv, spec.environment)
    except OSError as error:
        os.write(report, b'%d %s' % (error.errno or errno.EIO, subject))
    finally:
        os._exit(127)


def set_signals(ignored):
    """Python ignores SIGPIPE and SIGXFSZ, and the keeper some more: a program inherits that."""
    signal.set_wakeup_fd(-1)
    for number in range(1, 32):
        wanted = signal.SIG_IGN if number in ignored else signal.SIG_DFL
        try:
            signal.signal(number, wanted)
        except (OSError, ValueError):
            pass  # SIGKILL and SIGSTOP
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def set_file_limit(soft):
    """Node raises its own limit of open files; the program gets the user's."""
    if soft is None:
        return
    import resource
    try:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    except (OSError, ValueError):
        pass


def execute(argv, environment):
    """As `execvpe` of the C library; raises OSError."""
    name = argv[0]
    if not name:
        raise OSError(errno.ENOENT, 'empty')
    if b'/' in name:
        run_file(name, argv, environment)
    denied = None
    for folder in environment.get(b'PATH', b'/bin:/usr/bin').split(b':'):
        try:
            run_file(os.path.join(folder or b'.', name), argv, environment)
        except OSError as error:
            if error.errno == errno.EACCES:
                denied = error
            elif error.errno not in ELSEWHERE:
                raise
    raise denied or OSError(errno.ENOENT, 'not found')


def run_file(path, argv, environment):
    try:
        os.execve(path, argv, environment)
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise
        # A script without a `#!` line: shells run it themselves.
        os.execve(b'/bin/sh', [b'/bin/sh', path] + argv[1:], environment)


def become_subreaper():
    """Orphans of the program become children of the keeper, which so learns when the last one
    has ended. Linux only; by `_ctypes`, as `ctypes` itself takes 3 ms to load."""
    try:
        import _ctypes
        prctl = _ctypes.dlsym(_ctypes.dlopen(None, 2), 'prctl')
        return _ctypes.call_function(prctl, (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)) == 0
    except (ImportError, OSError, AttributeError):
        return False


def start_detached(argv):
    """Starts a command that nobody waits for, in a session of its own."""
    if not argv:
        return
    actions = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    common = {'file_actions': actions, 'setsigmask': [], 'setsigdef': [
        getattr(signal, name) for name in PASSED_ON + IGNORED + ('SIGXFSZ',)]}
    try:
        os.posix_spawnp(argv[0], argv, os.environ, setsid=True, **common)
    except NotImplementedError:
        os.posix_spawnp(argv[0], argv, os.environ, setpgroup=0, **common)
    except OSError:
        pass  # the record stays as a killed recorder leaves it; readers derive its state
