"""The processes of the run: this one, its forks, and the children that it starts."""
import os
import sys

from _runrecord import state, writer
from _runrecord.guard import quietly, wrap
from _runrecord.imports import when_imported
from _runrecord.report import report

RUN = 'RUNRECORD_RUN_ID'
PATH = 'PYTHONPATH'
IN_LOOP = ('subprocess_exec', 'subprocess_shell')
_via = 'start'


def introduce():
    """The first line of each file."""
    from _runrecord.redaction import redact_argv
    version = '%d.%d.%d' % tuple(sys.version_info[:3])
    writer.introducing = []
    line = {'t': 'process', 'pid': os.getpid(), 'ppid': os.getppid(), 'started': start_time(),
            'python': version, 'executable': sys.executable or '', 'argv': redact_argv(arguments()),
            'cwd': os.getcwd(), 'via': _via}
    after, writer.introducing = writer.introducing, None
    for said in [line] + after:
        report(said)


def start_time():
    try:
        with open('/proc/self/stat', 'rb') as file:
            return file.read().rpartition(b')')[2].split()[19].decode('ascii')
    except (OSError, IndexError):
        return None


def arguments():
    """The command line as it was, with the options of the interpreter."""
    found = getattr(sys, 'orig_argv', None)
    if found is None:
        try:
            with open('/proc/self/cmdline', 'rb') as file:
                found = [os.fsdecode(part) for part in file.read().split(b'\0')[:-1]]
        except OSError:
            found = getattr(sys, 'argv', [])
    return [part for part in found if isinstance(part, str)]


def forked():
    global _via
    from _runrecord import files
    _via = 'fork'
    files.forget()
    databases = sys.modules.get('_runrecord.databases')
    if databases is not None:
        # A connection is the parent's, and so is what it changes.
        databases.watched.clear()


def begin():
    writer.introduce = introduce
    os.register_at_fork(after_in_child=lambda: quietly(forked))
    keep_in_environment()
    wrap(os, 'execve', spawning)
    os.supports_fd.add(os.execve)
    for name in ('posix_spawn', 'posix_spawnp'):
        if hasattr(os, name):
            wrap(os, name, spawning)
    when_imported('uvloop', lambda module: [wrap(module.Loop, name, in_loop) for name in IN_LOOP])
    when_imported('_posixsubprocess', lambda module: wrap(module, 'fork_exec', forking))


def spawning(original):
    """`os.execve` and those of its kind: the environment is their third argument."""
    def start(*arguments, **named):
        if len(arguments) > 2:
            arguments = arguments[:2] + (seen(arguments[2]),) + arguments[3:]
        elif 'env' in named:
            named['env'] = seen(named['env'])
        return original(*arguments, **named)
    return start


def in_loop(original):
    """uvloop starts processes by itself, with the environment that Python shows."""
    def start(self, protocol, *argv, **named):
        env = named.get('env')
        words = ('sh', '-c') + argv if original.__name__ == 'subprocess_shell' else argv
        quietly(started, words, None, named.get('cwd'), scrubbed(os.environ if env is None else env))
        named['env'] = seen(os.environ if env is None else env)
        return original(self, protocol, *argv, **named)
    return start


def scrubbed(env):
    return key_of(env, RUN) is None


def key_of(env, name):
    """The key by which a mapping has a variable: a text, or bytes, which are never compared (`-bb`)."""
    as_bytes = name.encode()
    for key in env:
        if key == (as_bytes if isinstance(key, bytes) else name):
            return key
    return None


def forking(original):
    def fork_exec(*arguments):
        return original(*(quietly(forks, arguments) or arguments))
    return fork_exec


def forks(arguments):
    """subprocess and multiprocessing: what starts, and an environment that is seen."""
    argv, executables, cwd, env = arguments[0], arguments[1], arguments[4], arguments[5]
    hidden = not carries_run() if env is None else not any(
        item.startswith(RUN.encode() + b'=') for item in env)
    quietly(started, argv, executables[0] if executables else None, cwd, hidden)
    if env is None or hidden:
        return arguments
    key, found, result = PATH.encode() + b'=', False, []
    for item in env:
        if item.startswith(key):
            found = True
            item = key + with_site(item[len(key):])
        result.append(item)
    if not found:
        result.append(key + with_site(None))
    return arguments[:5] + (result,) + arguments[6:]


def with_site(value):
    """PYTHONPATH with our folder in front, as bytes."""
    site = os.fsencode(state.site)
    if value is None or value == site:
        return site
    return value if value.startswith(site + b':') else site + b':' + value


def seen(env):
    """A copy of a mapping with what lets the child be seen; the mapping itself where it is none of
    this run's."""
    return quietly(seen_or_none, env) or env


def seen_or_none(env):
    if scrubbed(env):
        return None
    copy = dict(env)
    key = key_of(copy, PATH)
    copy[key or PATH] = with_site(None if key is None else os.fsencode(copy[key]))
    return copy


def carries_run():
    return RUN in os.environ


def keep_in_environment():
    """What the program sets PYTHONPATH to keeps our folder in front, in the variable of C alone,
    which children without an environment of their own inherit."""
    def keeping(original):
        def putenv(*arguments):
            if len(arguments) == 2 and is_path(arguments[0]):
                arguments = arguments[0], quietly(with_given, arguments[1]) or arguments[1]
            return original(*arguments)
        return putenv

    def leaving(original):
        def unsetenv(*arguments):
            if len(arguments) == 1 and is_path(arguments[0]) and carries_run():
                return putenv(PATH.encode(), os.fsencode(state.site))
            return original(*arguments)
        return unsetenv

    putenv = os.putenv
    owner = os.environ if 'putenv' in vars(os.environ) else os
    wrap(owner, 'putenv', keeping)
    wrap(owner, 'unsetenv', leaving)


def is_path(name):
    return name == (PATH.encode() if isinstance(name, bytes) else PATH)


def with_given(value):
    return with_site(os.fsencode(value))


def started(argv, executable, cwd, hidden):
    from _runrecord.redaction import redact_argv
    argv = [os.fsdecode(part) for part in argv]
    cwd = os.getcwd() if cwd is None else os.path.abspath(os.fsdecode(cwd))
    shell = len(argv) > 1 and argv[1] == '-c' and os.path.basename(argv[0]) in ('sh', 'bash', 'zsh')
    report({'t': 'exec', 'argv': redact_argv(argv, 'exec.argv'), 'cwd': cwd, 'shell': shell,
            'executable': os.fsdecode(executable) if executable else None, 'scrubbed': hidden})


def on_system(arguments):
    command = os.fsdecode(arguments[0])
    started(['sh', '-c', command], '/bin/sh', None, not carries_run())


def on_exec(arguments):
    path, argv, env = arguments[0], arguments[1], arguments[2] if len(arguments) > 2 else None
    if not isinstance(path, int) and not os.path.isfile(path):
        return  # One of several places along PATH.
    hidden = not carries_run() if env is None else scrubbed(env)
    started(argv, None if isinstance(path, int) else path, None, hidden)


EVENTS = {'os.system': on_system, 'os.exec': on_exec, 'os.posix_spawn': on_exec}
