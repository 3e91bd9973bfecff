"""The two-way channel to the recorder: NUL-separated words in, JSON lines out.

Words come as `KEY=VALUE` records because argv and environment are bytes, which JSON cannot
hold, and because `json` brings `re` and `enum` along: 5 ms of every start.
"""
import errno
import os
import select


def to_json(value):
    """JSON of plain values, in ASCII; `json` is not loaded for what a few lines do."""
    if value is None:
        return 'null'
    if value is True or value is False:
        return 'true' if value else 'false'
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, bytes):
        value = value.decode('utf-8', 'replace')
    if isinstance(value, str):
        return '"%s"' % ''.join(map(escaped, value))
    if isinstance(value, dict):
        return '{%s}' % ', '.join('%s: %s' % (to_json(k), to_json(v)) for k, v in value.items())
    return '[%s]' % ', '.join(map(to_json, value))


def escaped(character):
    code = ord(character)
    if 32 <= code < 127 and character not in '"\\':
        return character
    if code < 0x10000:
        return '\\u%04x' % code
    code -= 0x10000
    return '\\u%04x\\u%04x' % (0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF))


class Control:
    """One message in is a list of (key, value) pairs, ended by an empty record."""

    def __init__(self, descriptor):
        os.set_inheritable(descriptor, False)
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.open = True
        self.pending = b''

    def messages(self):
        """All that has arrived, without waiting; `open` is false once the recorder is gone."""
        while self.open:
            try:
                chunk = os.read(self.descriptor, 1 << 18)
            except BlockingIOError:
                break
            except OSError:
                chunk = b''
            self.pending += chunk
            self.open = chunk != b''
        *complete, self.pending = self.pending.split(b'\0\0')
        for text in complete:
            pairs = [record.partition(b'=') for record in text.split(b'\0')]
            yield [(key.decode('ascii'), value) for key, _, value in pairs]

    def alive(self):
        """Whether the recorder still holds its end, known even before the main loop has read it."""
        if not self.open:
            return False
        poller = select.poll()
        poller.register(self.descriptor, 0)
        return not any(event & select.POLLHUP for _, event in poller.poll(0))

    def send(self, kind, **facts):
        """Never fails: a recorder that is gone reads the files instead."""
        line = to_json(dict(type=kind, **facts)).encode('ascii') + b'\n'
        while line and self.open:
            try:
                line = line[os.write(self.descriptor, line):]
            except OSError as error:
                if error.errno != errno.EAGAIN:
                    return
                poller = select.poll()
                poller.register(self.descriptor, select.POLLOUT)
                if not poller.poll(5000):
                    return
