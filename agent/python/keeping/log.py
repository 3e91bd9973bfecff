"""`output.log`: what a program printed, in order, without secrets, up to a limit."""
import _thread
import errno
import os

HOLD_BYTES = 1 << 16
TAIL_BYTES = 1 << 16
CONTEXT_BYTES = 4096


class Line:
    """The unfinished line of one stream. Streams are read in pieces, and a piece of one must not
    come between the two halves of the other's secret."""

    def __init__(self):
        self.held = b''          # not yet written
        self.context = b''       # the beginning of the line, written already


class Log:
    """Keeps the head up to `limit` bytes, then a line that says how much is missing, and the last
    64 KiB. Never raises: a full disk ends the log, not the program."""

    def __init__(self, path, limit, redactor, trouble):
        self.redactor, self.limit, self.trouble = redactor, limit, trouble
        self.lock = _thread.allocate_lock()
        self.lines = []
        self.size = 0
        self.tail = None         # what came after the limit, None before it
        self.after_head = 0
        self.truncated = False
        self.file = -1
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC
            self.file = os.open(path, flags, 0o666)
        except OSError as error:
            self.give_up(error)

    def facts(self):
        return {'sizeBytes': self.size, 'truncated': self.truncated,
                'redactions': self.redactor.counts}

    def stream(self):
        """What `add` and `idle` are told to say who has printed."""
        self.lines.append(Line())
        return self.lines[-1]

    def add(self, line, chunk):
        """True while something is held back that `idle` should write soon."""
        with self.lock:
            if self.file < 0:
                return False
            if self.redactor.idle:
                self.write(chunk)
                return False
            for other in self.lines:
                if other is not line and other.held and self.tail is None:
                    self.emit(other, self.redactor.settled_until(other.held))
            line.held += chunk
            cut = max(line.held.rfind(b'\n'), line.held.rfind(b'\r')) + 1
            if self.tail is None:
                cut = self.redactor.whole_until(line.held, cut)
            if len(line.held) - cut > HOLD_BYTES:
                cut = max(self.redactor.settled_until(line.held), len(line.held) - HOLD_BYTES)
            self.emit(line, cut)
            return line.held != b''

    def idle(self, line):
        """The program has paused within a line: what is certain of it is written."""
        with self.lock:
            self.emit(line, self.redactor.settled_until(line.held))

    def finish(self):
        with self.lock:
            for line in self.lines:
                self.emit(line, len(line.held))
            if self.tail is not None and self.file >= 0:
                self.write_tail()
            if self.file >= 0:
                os.close(self.file)
                self.file = -1

    def emit(self, line, cut):
        if cut == 0:
            return
        text = line.held[:cut]
        line.held = line.held[cut:]
        if self.tail is not None:
            self.keep_tail(text)
            return
        known = len(line.context)
        text = line.context + text
        begin = max(text.rfind(b'\n'), text.rfind(b'\r')) + 1
        line.context = text[begin:][-CONTEXT_BYTES:]
        self.write(self.redactor.redact(text, known))

    def write(self, data):
        if self.tail is not None:
            self.keep_tail(data)
            return
        room = self.limit - self.size
        if len(data) > room:
            # The head ends with a whole line, so that no character or escape is cut in two.
            room = data.rfind(b'\n', 0, max(room, 0)) + 1
            self.tail = b''
            self.keep_tail(data[room:])
            data = data[:room]
        self.put(data)

    def put(self, data):
        try:
            while data and self.file >= 0:
                count = os.write(self.file, data)
                self.size += count
                data = data[count:]
        except OSError as error:
            self.give_up(error)

    def keep_tail(self, chunk):
        self.after_head += len(chunk)
        self.tail += chunk
        if len(self.tail) > 4 * TAIL_BYTES:
            self.tail = self.tail[-2 * TAIL_BYTES:]

    def write_tail(self):
        """Redacted here and not before: most of what comes after the limit is thrown away."""
        text = self.redactor.redact(self.tail)
        if self.after_head > TAIL_BYTES:
            self.truncated = True
            text = text[-TAIL_BYTES:]
            text = text[text.find(b'\n') + 1:]
            missing = max(self.after_head - len(text), 0)
            line = b'' if self.size == 0 else b'\n'
            self.put(line + b'[... %d bytes are not kept ...]\n' % missing)
        self.put(text)
        self.tail = None

    def give_up(self, error):
        self.truncated = True
        if self.file >= 0:
            os.close(self.file)
            self.file = -1
        self.trouble('log', errno.errorcode.get(error.errno, 'EIO'))
