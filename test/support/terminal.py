"""A terminal for tests: starts a command on a new pty and is told what to type.

`terminal.py COMMAND...` reads JSON lines (`{"send": text}`, `{"resize": [rows, columns]}`,
`{"modes": true}`, `{"hangup": true}`) and writes JSON lines (`{"pid"}`, `{"output"}` in Latin-1,
`{"modes"}`, `{"status"}` as of a shell).
"""
import fcntl
import json
import os
import select
import signal
import struct
import sys
import termios


def say(**facts):
    os.write(1, (json.dumps(facts) + '\n').encode('ascii'))


def resize(descriptor, rows, columns):
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))


def start(command):
    master, slave = os.openpty()
    resize(slave, 31, 97)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for number in range(3):
            os.dup2(slave, number)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.execvp(command[0], command)
    return pid, master, slave


def obey(order, master, slave):
    """The master that is left."""
    if 'send' in order:
        os.write(master, order['send'].encode('latin-1'))
    if 'resize' in order:
        resize(master, *order['resize'])
    if 'modes' in order:
        modes = termios.tcgetattr(slave)
        say(modes=repr(modes[:4]) + repr(modes[6]))
    if 'hangup' in order:
        os.close(slave)
        os.close(master)
        return None
    return master


def main():
    pid, master, slave = start(sys.argv[1:])
    say(pid=pid)
    orders, ended, status = b'', False, 0
    while not ended or master is not None:
        if not ended:
            found, word = os.waitpid(pid, os.WNOHANG)
            ended = found != 0
            if ended:
                status = os.WEXITSTATUS(word) if os.WIFEXITED(word) else 128 + os.WTERMSIG(word)
        sources = [0] if master is None else [0, master]
        ready = select.select(sources, [], [], 0.02)[0]
        if ended and not [r for r in ready if r != 0]:
            break
        if master in ready:
            try:
                say(output=os.read(master, 65536).decode('latin-1'))
            except OSError:
                master = None
        if 0 in ready:
            chunk = os.read(0, 65536)
            if not chunk:
                break
            *lines, orders = (orders + chunk).split(b'\n')
            for line in lines:
                if master is not None:
                    master = obey(json.loads(line), master, slave)
    if master is not None:
        modes = termios.tcgetattr(slave)
        say(modes=repr(modes[:4]) + repr(modes[6]))
    say(status=status)


main()
