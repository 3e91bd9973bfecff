"""Decides what stands for each of the program's standard descriptors, and makes it."""
import os
import stat

from keeping.relay import Relay, let_go
from keeping.terminal import Keyboard, Terminal


def device_of(descriptor):
    """The terminal device behind a descriptor, or None."""
    return os.fstat(descriptor).st_rdev if os.isatty(descriptor) else None


class Streams:
    """One pty for each terminal, a pipe for what is none; `stdio` is what the program gets.

    Standard input that is no terminal is the user's own. So is a terminal as standard input when
    standard output is a pipe: in `run ... | less` the keyboard belongs to the other program, and
    in `run ... | tee` the terminal must go on adding carriage returns."""

    def __init__(self):
        self.terminals, self.keyboard, self.held = [], None, None
        self.stdio, self.plans, self.closing = [0, 0, 0], [], []
        devices = [device_of(number) for number in range(3)]
        piped = not stat.S_ISREG(os.fstat(1).st_mode) and not stat.S_ISCHR(os.fstat(1).st_mode)
        shared = devices[0] is not None and piped
        if shared:
            devices[0] = None
        for device in dict.fromkeys(d for d in devices if d is not None):
            self.open_terminal(device, [n for n in range(3) if devices[n] == device])
        self.open_pipes([n for n in (1, 2) if devices[n] is None])
        if devices[0] is not None:
            self.keyboard = Keyboard(self.terminals[0])

    def open_terminal(self, device, numbers):
        terminal = Terminal(numbers[0], device)
        self.terminals.append(terminal)
        for number in numbers:
            self.stdio[number] = terminal.slave
        outputs = [number for number in numbers if number > 0]
        self.plans.append((terminal.master, outputs or [0], terminal, bool(outputs)))

    def open_pipes(self, numbers):
        same = len(numbers) == 2 and os.path.sameopenfile(1, 2)
        for group in ([numbers] if same else [[number] for number in numbers]):
            readable, writable = os.pipe()
            self.closing.append(writable)
            for number in group:
                self.stdio[number] = writable
            self.plans.append((readable, group, None, True))

    def hold(self):
        """The pty that is typed to controls the program. Without a keyboard none does: a program
        that asks for a password on /dev/tty is to fail, not to wait for what nobody can type."""
        if self.keyboard is not None:
            try:
                self.keyboard.terminal.hold()
                self.held = self.keyboard.terminal
            except OSError:
                pass

    def after_fork(self):
        for descriptor in self.closing:
            os.close(descriptor)
        self.closing = []
        if self.keyboard is None:
            # Whoever writes to the program's standard input must see that the program is gone.
            let_go(0)

    def relays(self, log, recorder_lives, wake):
        relays = [Relay(source, sinks, terminal, log if logged else None, recorder_lives, wake)
                  for source, sinks, terminal, logged in self.plans]
        output = next((relay for relay in relays if 1 in relay.sinks), None)
        errors = next((relay for relay in relays if 2 in relay.sinks), None)
        if errors is not None and errors is not output:
            errors.after = output
        return relays

    def close_slaves(self):
        """Where orphans cannot be waited for, the end of the pty tells that none is left."""
        for terminal in self.terminals:
            if terminal.slave >= 0:
                os.close(terminal.slave)
                terminal.slave = -1
