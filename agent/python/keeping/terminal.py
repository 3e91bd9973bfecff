"""Pseudo-terminals that look like the user's own, and the user's terminal while one is in use."""
import fcntl
import os
import select
import termios

import _signal as signal

IFLAG, OFLAG, CFLAG, LFLAG, CHARACTERS = 0, 1, 2, 3, 6
SIZE_BYTES = 8


class Terminal:
    """One pty that stands for one terminal of the user's."""

    def __init__(self, user, device):
        self.user, self.device = user, device
        self.modes = modes_of(user)
        self.master, self.slave = os.openpty()
        if self.modes is not None:
            termios.tcsetattr(self.slave, termios.TCSANOW, self.modes)
        self.copy_size()
        os.set_blocking(self.master, False)

    def copy_size(self):
        """The kernel tells the programs of the pty, if the size is another one."""
        try:
            size = fcntl.ioctl(self.user, termios.TIOCGWINSZ, b'\0' * SIZE_BYTES)
            fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)
        except OSError:
            pass

    def hold(self):
        """Makes it the controlling terminal of this session (the keeper leads one)."""
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)

    def foreground(self):
        """The process group that a Ctrl-C is for, or None."""
        try:
            return os.tcgetpgrp(self.master)
        except OSError:
            return None

    def adds_returns(self):
        """Whether the pty writes CR LF for LF now, so that a reader can undo it."""
        modes = modes_of(self.master)
        both = termios.OPOST | termios.ONLCR
        return modes is not None and modes[OFLAG] & both == both


class Keyboard:
    """The user's terminal as the source of what is typed: raw while it is taken, so that every
    key reaches the pty, whose line discipline then makes signals, echo and lines of it."""

    def __init__(self, terminal):
        self.terminal = terminal
        self.before = None
        self.raw = None
        self.pending = b''

    @property
    def taken(self):
        return self.raw is not None

    def take(self):
        self.before = modes_of(self.terminal.user)
        if self.before is None:
            return False
        self.raw = raw_from(self.before)
        try:
            termios.tcsetattr(self.terminal.user, termios.TCSANOW, self.raw)
        except termios.error:
            self.raw = None
            return False
        self.raw = modes_of(self.terminal.user)
        return True

    def release(self):
        """Gives the terminal back as it was, unless somebody (a shell) has set it since."""
        if not self.taken:
            return
        if modes_of(self.terminal.user) == self.raw:
            # A background process may do this only while SIGTTOU is ignored, which it is.
            try:
                termios.tcsetattr(self.terminal.user, termios.TCSANOW, self.before)
            except termios.error:
                pass
        self.raw = None

    def read(self):
        """Moves what was typed to the pty; answers the signals it means there, or None when the
        terminal is gone."""
        try:
            typed = os.read(self.terminal.user, 4096)
        except OSError:
            typed = b''
        if not typed:
            # Whoever waits for a line gets the end of the file, as from a terminal that is gone.
            modes = modes_of(self.terminal.master)
            if modes is not None and modes[LFLAG] & termios.ICANON:
                self.pending += modes[CHARACTERS][termios.VEOF]
                self.flush()
            self.raw = None
            return None
        self.pending += typed
        found = self.signals_in(typed)
        self.flush()
        return found

    def signals_in(self, typed):
        modes = modes_of(self.terminal.master)
        if modes is None or not modes[LFLAG] & termios.ISIG:
            return []
        keys = ((termios.VINTR, 'SIGINT'), (termios.VQUIT, 'SIGQUIT'))
        return [name for key, name in keys
                if modes[CHARACTERS][key] != b'\0' and modes[CHARACTERS][key] in typed]

    def flush(self):
        try:
            self.pending = self.pending[os.write(self.terminal.master, self.pending):]
        except BlockingIOError:
            pass
        except OSError:
            self.pending = b''


def raw_from(modes):
    """What `cfmakeraw` does; the pty does all the translating."""
    raw = list(modes)
    raw[IFLAG] &= ~(termios.IGNBRK | termios.BRKINT | termios.PARMRK | termios.ISTRIP
                    | termios.INLCR | termios.IGNCR | termios.ICRNL | termios.IXON)
    raw[OFLAG] &= ~termios.OPOST
    raw[LFLAG] &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.ISIG
                    | termios.IEXTEN)
    raw[CHARACTERS] = list(modes[CHARACTERS])
    raw[CHARACTERS][termios.VMIN] = 1
    raw[CHARACTERS][termios.VTIME] = 0
    return raw


def modes_of(descriptor):
    try:
        return termios.tcgetattr(descriptor)
    except (termios.error, OSError):
        return None


def modes_to_text(modes):
    """For `restore_modes`, in a later process."""
    numbers = ','.join(str(number) for number in modes[:CHARACTERS])
    characters = ','.join(c.hex() if isinstance(c, bytes) else str(c) for c in modes[CHARACTERS])
    canonical = 'canonical' if modes[LFLAG] & termios.ICANON else 'raw'
    return '%s;%s;%s' % (numbers, characters, canonical)


def restore_modes(text):
    """Sets standard input's terminal; answers an exit code."""
    numbers, characters, canonical = text.split(';')
    modes = [int(number) for number in numbers.split(',')] + [[]]
    for index, word in enumerate(characters.split(',')):
        # Without canonical mode, Python gives VMIN and VTIME as numbers.
        plain = canonical == 'raw' and index in (termios.VMIN, termios.VTIME)
        modes[CHARACTERS].append(int(word) if plain else bytes.fromhex(word))
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        termios.tcsetattr(0, termios.TCSANOW, modes)
    except termios.error:
        return 1
    return 0


def is_readable(descriptor):
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return bool(poller.poll(0))
