"""Which signals the keeper hears of, and how each reaches the program exactly once."""
import os
import time

import _signal as signal  # `signal` itself builds enums: 4 ms of every start

PASSED_ON = ('SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT', 'SIGWINCH')
IGNORED = ('SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGPIPE')
# How long a signal that the recorder tells of may take to arrive here too.
GROUP_SIGNAL_S = 0.04


def signal_name(number):
    for name in dir(signal):
        if name.startswith('SIG') and name[3:4] != '_' and getattr(signal, name) == number:
            return name
    return 'SIG%d' % number


class Arrivals:
    """Signals that come to the keeper itself, read from a pipe by the main loop."""

    def __init__(self):
        self.descriptor, self.writable = os.pipe()
        os.set_blocking(self.descriptor, False)
        os.set_blocking(self.writable, False)
        signal.set_wakeup_fd(self.writable, warn_on_full_buffer=False)
        self.names = {getattr(signal, name): name for name in PASSED_ON + ('SIGCHLD',)}
        for number in self.names:
            signal.signal(number, lambda number, frame: None)
        for name in IGNORED:
            signal.signal(getattr(signal, name), signal.SIG_IGN)

    def wake(self):
        """Makes the main loop look around, from another thread."""
        try:
            os.write(self.writable, b'\0')
        except OSError:
            pass

    def read(self):
        try:
            numbers = os.read(self.descriptor, 4096)
        except BlockingIOError:
            return []
        return [self.names[number] for number in numbers if number in self.names]


class GroupSignals:
    """Without a log, the program, the recorder and the keeper are one process group on the user's
    terminal. What reached the keeper too was sent to all of them: it is not passed on again."""

    def __init__(self):
        self.direct = []
        self.awaited = []

    def came(self, name):
        self.direct.append((name, time.monotonic()))

    def told(self, name):
        self.awaited.append((name, time.monotonic() + GROUP_SIGNAL_S))

    def settled(self):
        """Names of signals that the recorder alone was sent, once that is certain."""
        now = time.monotonic()
        waiting, alone = [], []
        for name, until in self.awaited:
            mine = [item for item in self.direct if item[0] == name and item[1] > until - 1]
            if mine:
                self.direct.remove(mine[0])
            elif now >= until:
                alone.append(name)
            else:
                waiting.append((name, until))
        self.awaited = waiting
        return alone
