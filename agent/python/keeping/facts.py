"""What is known of processes, time and memory, and the small files that keep it."""
import os
import sys
import time


def utc(seconds):
    """RFC 3339 in UTC with milliseconds."""
    milliseconds = int(seconds * 1000)
    whole = time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(milliseconds // 1000))
    return '%s.%03dZ' % (whole, milliseconds % 1000)


def text_of(path):
    try:
        with open(path, 'rb', 0) as file:
            return file.read().decode('utf-8', 'replace')
    except OSError:
        return None


def output_of(argv):
    """What a system tool prints, or None; `subprocess` would cost 10 ms to load."""
    readable, writable = os.pipe()
    words = dict(os.environ, LC_ALL='C', TZ='UTC')
    try:
        actions = [(os.POSIX_SPAWN_DUP2, writable, 1)]
        pid = os.posix_spawnp(argv[0], argv, words, file_actions=actions)
    except OSError:
        os.close(writable)
        return None
    else:
        os.close(writable)
        with open(readable, 'rb', closefd=False) as file:
            text = file.read().decode('utf-8', 'replace').strip()
        os.waitpid(pid, 0)
        return text or None
    finally:
        os.close(readable)


def stat_fields(pid):
    """Fields 3 and on of /proc/PID/stat; a name may hold spaces and parentheses."""
    text = text_of('/proc/%d/stat' % pid)
    return None if text is None else text.rpartition(')')[2].split()


def identify(pid):
    """A `ProcessIdentity` of the record, as `process-identity.ts` makes it too."""
    fields = stat_fields(pid)
    if fields is None:
        start = output_of(['ps', '-o', 'lstart=', '-p', str(pid)])
        start = start and ' '.join(start.split())
        boot = output_of(['sysctl', '-n', 'kern.bootsessionuuid'])
        return {'pid': pid, 'startTime': start, 'bootId': boot, 'pidNamespace': None}
    try:
        namespace = os.readlink('/proc/self/ns/pid')
    except OSError:
        namespace = None
    boot = text_of('/proc/sys/kernel/random/boot_id')
    return {'pid': pid, 'startTime': fields[19], 'bootId': boot and boot.strip(),
            'pidNamespace': namespace}


def is_foreground(pid, terminal):
    """Whether process `pid` may read the terminal device `terminal`: the shell's `&` and Ctrl-Z
    take that right away, `fg` gives it back."""
    fields = stat_fields(pid)
    if fields is not None:
        group, device, foreground = int(fields[2]), int(fields[4]), int(fields[5])
        return device != terminal & 0xFFFFFFFF or group == foreground
    if sys.platform.startswith('linux'):
        return False
    state = output_of(['ps', '-o', 'stat=', '-p', str(pid)])
    return state is not None and '+' in state


def stopped_groups(parent):
    """Process groups that have a stopped child of `parent` in them (Linux)."""
    children = text_of('/proc/%d/task/%d/children' % (parent, parent)) or ''
    fields = [stat_fields(int(pid)) for pid in children.split()]
    return {int(field[2]) for field in fields if field is not None and field[0] == 'T'}


def oom_kills():
    """How often the kernel's out-of-memory killer has struck here; None where it does not say."""
    for line in (text_of('/proc/self/cgroup') or '').splitlines():
        number, controllers, path = line.split(':', 2)
        if number == '0':
            names = ('/sys/fs/cgroup%s/memory.events' % path, '/sys/fs/cgroup/memory.events')
        elif 'memory' in controllers.split(','):
            names = ('/sys/fs/cgroup/memory%s/memory.oom_control' % path,
                     '/sys/fs/cgroup/memory/memory.oom_control')
        else:
            continue
        for name in names:
            found = count_in(text_of(name))
            if found is not None:
                return found
    return count_in(text_of('/proc/vmstat'))


def count_in(text):
    for line in (text or '').splitlines():
        key, _, value = line.partition(' ')
        if key == 'oom_kill':
            return int(value)
    return None


def usage_facts(usage):
    """Peak memory (of the largest process) and CPU time of a process and what it waited for."""
    unit = 1 if sys.platform == 'darwin' else 1024
    return {'peakMemoryBytes': usage.ru_maxrss * unit,
            'cpuTimeMs': round((usage.ru_utime + usage.ru_stime) * 1000, 3)}


def write_whole(folder, name, text, durable):
    """Writes by rename, so that a reader sees all or nothing. Raises OSError (a full disk)."""
    path = os.path.join(folder, name)
    scratch = path + '.tmp'
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        data = text.encode('ascii')
        while data:
            data = data[os.write(descriptor, data):]
        if durable:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.rename(scratch, path)
    if durable:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
