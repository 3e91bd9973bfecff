"""The keeper's main loop: from the recorder's `go` to the end of the last process."""
import errno
import os
import select
import time

import _signal as signal

from keeping import facts
from keeping.control import Control, to_json
from keeping.log import Log
from keeping.program import Start, become_subreaper, start_detached
from keeping.redaction import Redactor
from keeping.relay import let_go
from keeping.signals import PASSED_ON, Arrivals, GroupSignals, signal_name
from keeping.spec import Spec
from keeping.streams import Streams
from keeping.terminal import modes_to_text

# The exit is written after so long even if what was printed last cannot be passed on.
DRAIN_S = 0.1


def supervise(descriptor):
    control = Control(descriptor)
    try:
        return Supervisor(control).run()
    except Exception as error:
        import traceback
        control.send('trouble', what='keeper', error=repr(error), trace=traceback.format_exc())
        return 1


class Supervisor:
    def __init__(self, control):
        self.control = control
        self.recorder = os.getppid()
        self.spec = self.streams = self.log = self.keyboard = None
        self.relays = []
        self.pid = None
        self.end = None             # the facts of exit.json, once the main process has ended
        self.interrupted = False
        self.released = self.tree_empty = self.told_end = self.told_quiet = False
        self.written = None
        self.arrivals = Arrivals()
        self.group = GroupSignals()

    # -- before the launch ------------------------------------------------------------------

    def run(self):
        self.control.send('ready')
        # Early, while the recorder still reads the world: it costs the launch nothing.
        self.reaps = become_subreaper()
        if not self.wait_for_go():
            return 0
        if not self.launch():
            return 0
        while not self.is_over():
            self.turn()
        if not self.released:
            # The recorder was killed: what is left to do for the record is done by another.
            start_detached(self.spec.finish)
        return 0

    def wait_for_go(self):
        poller = select.poll()
        poller.register(self.control.descriptor, select.POLLIN)
        while self.control.open:
            poller.poll()
            for pairs in self.control.messages():
                verb = pairs[0][1]
                if verb == b'spec':
                    self.spec = Spec(pairs)
                elif verb == b'go' and self.spec is not None:
                    self.spec.add_secrets(pairs)
                    return True
                elif verb == b'abandon':
                    return False
        return False

    def launch(self):
        spec, stdio, own = self.spec, (0, 1, 2), self.spec.log is not None
        if own:
            # A session of our own: signals that the user's terminal or `kill -- -GROUP` sends
            # reach the recorder alone, which tells us; and a terminal that ends takes nobody
            # along. The user's terminal can still be read: job control is for its own session.
            try:
                os.setsid()
            except OSError:
                pass
            self.streams = Streams()
            self.streams.hold()
            stdio = self.streams.stdio
            redactor = Redactor(spec.secrets, spec.rules)
            self.log = Log(os.fsdecode(spec.log), spec.limit, redactor, self.trouble)
            self.relays = self.streams.relays(self.log, self.control.alive, self.arrivals.wake)
        start = Start(spec, stdio, own)
        self.pid = start.pid
        if own:
            self.streams.after_fork()
            if self.streams.held is not None:
                try:
                    os.tcsetpgrp(self.streams.held.slave, self.pid)
                except OSError:
                    pass
        process, keeper = facts.identify(self.pid), facts.identify(os.getpid())
        self.oom_before = facts.oom_kills()
        self.started, self.started_monotonic = time.time(), time.monotonic()
        self.write('process.json', {'process': process, 'keeper': keeper,
                                    'startedAt': facts.utc(self.started)}, False)
        self.control.send('launching')
        if own and self.streams.keyboard is not None:
            self.keyboard = self.streams.keyboard
            self.take_keyboard()
        # Before the program's first instruction, so that two streams are kept in order.
        for relay in self.relays:
            relay.start()
        failure = start.go()
        if failure is not None:
            self.fail(*failure)
            return False
        self.control.send('started', process=process, keeper=keeper,
                          startedAt=facts.utc(self.started))
        return True

    def fail(self, number, subject):
        if self.keyboard is not None:
            self.keyboard.release()
        word = errno.errorcode.get(number, 'EIO')
        message = '%s: %s' % (subject, os.strerror(number))
        os.waitpid(self.pid, 0)
        if self.log is not None:
            self.log.finish()
        failure = {'errno': word, 'message': message}
        self.write('exit.json', self.end_facts(None, None, {}, failure), True)
        self.control.send('launch-failed', **failure)

    # -- while it runs ----------------------------------------------------------------------

    def turn(self):
        poller = select.poll()
        if self.control.open:
            poller.register(self.control.descriptor, select.POLLIN)
        poller.register(self.arrivals.descriptor, select.POLLIN)
        typing = self.keyboard is not None and self.keyboard.taken
        if typing and self.keyboard.pending:
            poller.register(self.keyboard.terminal.master, select.POLLOUT)
        elif typing:
            poller.register(self.keyboard.terminal.user, select.POLLIN)
        ready = dict(poller.poll(self.patience_ms()))
        if self.arrivals.descriptor in ready:
            self.read_signals()
        if self.control.descriptor in ready:
            self.read_control()
        if typing and self.keyboard.taken:
            if self.keyboard.pending and self.keyboard.terminal.master in ready:
                self.keyboard.flush()
            elif self.keyboard.terminal.user in ready:
                self.read_keyboard()
        for name in self.group.settled():
            self.kill(self.pid, name)
        self.advance()

    def patience_ms(self):
        if self.end is not None and not self.told_end:
            return 2
        if self.told_end and self.tree_empty and not self.told_quiet:
            return 10
        return 20 if self.group.awaited else None

    def read_signals(self):
        for name in self.arrivals.read():
            if name == 'SIGCHLD':
                self.reap()
            elif self.spec.log is None:
                self.group.came(name)
                self.interrupted = self.interrupted or name == 'SIGINT'
            elif not self.control.open:
                self.interrupted = self.interrupted or name == 'SIGINT'
                self.deliver(name)

    def read_control(self):
        for pairs in self.control.messages():
            verb, value = pairs[0][1], pairs[-1][1].decode('ascii', 'replace')
            if verb == b'signal' and value in PASSED_ON:
                self.interrupted = self.interrupted or value == 'SIGINT'
                self.told_of(value)
            elif verb == b'suspend':
                self.kill(-(self.foreground() or self.pid), 'SIGTSTP')
            elif verb == b'unsuspended':
                # Nobody stopped the recorder (no shell with job control): as by hand, the
                # program goes on.
                self.kill(-self.pid, 'SIGCONT')
                self.take_keyboard()
            elif verb == b'release':
                self.released = True
        if not self.control.open and self.keyboard is not None:
            # The shell has the terminal back, or nobody has.
            self.keyboard.release()
            self.mark_raw()

    def told_of(self, name):
        if self.spec.log is None:
            self.group.told(name)
        elif name == 'SIGCONT':
            self.kill(-self.pid, name)
            self.take_keyboard()
        elif name == 'SIGWINCH' and self.streams.terminals:
            for terminal in self.streams.terminals:
                terminal.copy_size()
            if self.streams.held is None:
                self.kill(-self.pid, name)
        else:
            self.deliver(name)

    def deliver(self, name):
        whole_group = name in ('SIGINT', 'SIGQUIT') and self.spec.log is not None
        self.kill(-(self.foreground() or self.pid) if whole_group else self.pid, name)

    def foreground(self):
        held = self.streams.held
        return None if held is None else held.foreground()

    def kill(self, target, name):
        if self.end is not None:
            return
        try:
            os.kill(target, getattr(signal, name))
        except OSError:
            pass

    def take_keyboard(self):
        keyboard = self.keyboard
        if keyboard is None or keyboard.taken or self.end is not None or not self.control.open:
            return
        if facts.is_foreground(self.recorder, keyboard.terminal.device) and keyboard.take():
            self.control.send('terminal', modes=modes_to_text(keyboard.before))
        self.mark_raw()

    def give_keyboard(self):
        if self.keyboard is not None and self.keyboard.taken:
            self.keyboard.release()
            self.control.send('terminal', modes=None)
            self.mark_raw()

    def mark_raw(self):
        for relay in self.relays:
            if relay.terminal is self.keyboard.terminal:
                relay.raw_sink = self.keyboard.taken

    def read_keyboard(self):
        if not facts.is_foreground(self.recorder, self.keyboard.terminal.device):
            self.give_keyboard()
            return
        for name in self.keyboard.read() or []:
            self.interrupted = True
            self.control.send('interrupted', signal=name, group=self.shares_terminal())

    def shares_terminal(self):
        """Whether a Ctrl-C by hand would have reached the recorder's group: its terminal is the
        one that is typed to. (Unknown off Linux: a terminal on standard input nearly always is.)"""
        fields = facts.stat_fields(self.recorder)
        return fields is None or int(fields[4]) == self.keyboard.terminal.device & 0xFFFFFFFF

    # -- when it ends -----------------------------------------------------------------------

    def reap(self):
        while not self.tree_empty:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:
                self.tree_empty = True
                return
            if pid == 0:
                return
            if pid != self.pid:
                continue
            if os.WIFSTOPPED(status):
                if self.spec.log is not None:
                    self.give_keyboard()
                    self.control.send('stopped', signal=signal_name(os.WSTOPSIG(status)))
                continue
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
            name = signal_name(os.WTERMSIG(status)) if os.WIFSIGNALED(status) else None
            self.end = self.end_facts(code, name, facts.usage_facts(usage), None)

    def end_facts(self, code, name, usage, failure):
        duration = (time.monotonic() - self.started_monotonic) * 1000
        oom = facts.oom_kills()
        known = oom is not None and self.oom_before is not None
        return {'exitCode': code, 'signal': name, 'startedAt': facts.utc(self.started),
                'endedAt': facts.utc(time.time()), 'durationMs': round(duration, 3),
                'peakMemoryBytes': usage.get('peakMemoryBytes'),
                'cpuTimeMs': usage.get('cpuTimeMs'), 'interrupted': self.interrupted,
                'oomKills': oom - self.oom_before if known else None,
                'log': self.log.facts() if self.log is not None else None, 'failure': failure}

    def advance(self):
        if self.end is None:
            return
        drained = all(relay.is_drained() for relay in self.relays)
        if not self.told_end:
            if drained:
                self.tell_end()
            elif self.written is None and self.ended_for() > DRAIN_S:
                self.write_exit()
        if self.told_end and not self.told_quiet:
            others = self.tree_empty if self.reaps else all(r.ended for r in self.relays)
            if others and drained:
                self.tell_quiet()

    def ended_for(self):
        return time.monotonic() - self.started_monotonic - self.end['durationMs'] / 1000

    def tell_end(self):
        """All that the main process printed has been passed on: the shell may have its terminal
        back. What others print from now on goes to the log alone, or on into pipes."""
        self.told_end = True
        if self.keyboard is not None:
            self.keyboard.release()
            let_go(0)
        for relay in self.relays:
            if relay.terminal is not None:
                relay.only_log()
        if self.streams is not None and not self.reaps:
            self.streams.close_slaves()
        if self.tree_empty and self.log is not None:
            self.log.finish()
        self.write_exit()
        if self.streams is not None and not self.tree_empty:
            self.hang_up_stopped()
        left = self.reaps and not self.tree_empty
        self.control.send('ended', exit=self.end, leftRunning=left)

    def hang_up_stopped(self):
        """By hand the kernel ends stopped jobs that a shell leaves behind, as nobody could continue
        them. It does not while their new parent, the keeper, is of their session."""
        for group in facts.stopped_groups(os.getpid()):
            for number in (signal.SIGHUP, signal.SIGCONT):
                try:
                    os.kill(-group, number)
                except OSError:
                    pass

    def tell_quiet(self):
        self.told_quiet = True
        if self.log is not None:
            self.log.finish()
        self.write_exit()
        for relay in self.relays:
            relay.only_log()
        self.control.send('quiet', log=self.end['log'])

    def write_exit(self):
        if self.log is not None:
            self.end['log'] = self.log.facts()
        text = to_json(self.end)
        if text != self.written and self.write('exit.json', self.end, True):
            self.written = text

    def is_over(self):
        return self.told_quiet and (self.released or not self.control.open)

    def write(self, name, value, durable):
        try:
            facts.write_whole(self.spec.folder, name, to_json(value) + '\n', durable)
            return True
        except OSError as error:
            self.trouble(name, errno.errorcode.get(error.errno, 'EIO'))
            return False

    def trouble(self, what, error):
        self.control.send('trouble', what=what, error=error)
