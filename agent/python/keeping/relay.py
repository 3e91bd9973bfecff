"""Moves what a program prints from its pty or pipe to where the user wanted it, and to the log.

A thread for each stream, with plain blocking writes: a reader that is slow (`| less`) holds up
the program as it would by hand, but neither the other stream nor the keeper's main loop. The
user's descriptors are shared with other processes, so they may not be made non-blocking."""
import _thread
import os
import select
import time

CHUNK_BYTES = 1 << 16
IDLE_MS = 200
PATIENCE_MS = 5


def write_all(descriptor, data):
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view):]
        except BlockingIOError:
            # Somebody who shares the descriptor (Node does) made it non-blocking.
            poller = select.poll()
            poller.register(descriptor, select.POLLOUT)
            poller.poll()


def let_go(descriptor):
    """Closes one of the user's, and keeps its number taken."""
    nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    os.dup2(nothing, descriptor)
    os.close(nothing)


class Relay:
    """`sinks` are the user's descriptors that this stream stands for (the first is written to);
    `terminal` is the pty it comes from, or None; `log` is None for the echo of what is typed."""

    def __init__(self, source, sinks, terminal, log, recorder_lives, wake):
        self.source, self.sinks, self.terminal, self.log = source, sinks, terminal, log
        self.line = log and log.stream()
        self.recorder_lives, self.wake = recorder_lives, wake
        self.lock = _thread.allocate_lock()
        self.poller = select.poll()
        self.poller.register(source, select.POLLIN)
        self.after = None        # the stream whose earlier output goes into the log first
        self.carriage = b''
        self.holding = False
        self.raw_sink = False
        self.ended = False

    def start(self):
        _thread.start_new_thread(self.run, ())

    def run(self):
        try:
            while self.step():
                pass
        finally:
            with self.lock:
                self.ended = True
                if self.terminal is None:
                    os.close(self.source)
                self.drop_sinks()
            self.wake()

    def step(self):
        if not self.poller.poll(IDLE_MS if self.holding else None):
            self.add_to_log(b'', True)
            return True
        self.let_pass()
        with self.lock:
            try:
                chunk = os.read(self.source, CHUNK_BYTES)
            except BlockingIOError:
                return True
            except OSError:
                # A pty says EIO when no program has it open any more.
                chunk = b''
            if not chunk:
                return False
            undo = self.terminal is not None and b'\r' in chunk and self.terminal.adds_returns()
            self.add_to_log(chunk, False, undo)
            # A terminal that is not raw adds the CR itself.
            plain = undo and not self.raw_sink
            return self.pass_on(chunk.replace(b'\r\n', b'\n') if plain else chunk)

    def let_pass(self):
        """Two pipes do not tell which was written first. Nearly always it is standard output, with
        an error after it; it is waited for, but not when its reader holds it up."""
        for _ in range(PATIENCE_MS):
            if self.after is None or self.after.is_drained():
                return
            time.sleep(0.001)

    def add_to_log(self, chunk, idle, undo=False):
        """The log holds what the program wrote: LF, where the pty made CR LF of it."""
        if self.log is None:
            return
        text = self.carriage + chunk
        self.carriage = b''
        if undo:
            if text.endswith(b'\r'):
                self.carriage, text = b'\r', text[:-1]
            text = text.replace(b'\r\n', b'\n')
        self.holding = (self.log.add(self.line, text) if text else False) or self.carriage != b''
        if idle:
            self.log.idle(self.line)
            self.holding = False

    def pass_on(self, chunk):
        """False when the program is to see that nobody reads (SIGPIPE, as by hand)."""
        if not self.sinks:
            return True
        try:
            write_all(self.sinks[0], chunk)
        except OSError:
            # Without the recorder, a reader that went away is no reason to end the program.
            broken = self.terminal is None and self.recorder_lives()
            self.drop_sinks()
            return not broken
        return True

    def drop_sinks(self):
        """Lets go of the user's descriptors: who reads them waits for the last one to close."""
        sinks, self.sinks = self.sinks, []
        for descriptor in sinks:
            let_go(descriptor)

    def is_drained(self):
        """Whether all that was written so far has been passed on. Does not wait."""
        if not self.lock.acquire(False):
            return False
        try:
            if self.ended:
                return True
            poller = select.poll()
            poller.register(self.source, select.POLLIN)
            return not poller.poll(0)
        finally:
            self.lock.release()

    def only_log(self):
        """From now on the user's terminal belongs to the shell again."""
        with self.lock:
            self.drop_sinks()
