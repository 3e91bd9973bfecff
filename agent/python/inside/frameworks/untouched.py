"""What we ask of a program's own functions must not be noticed: generators of random numbers are put
back, and what is printed meanwhile, in this thread alone, is dropped."""

import sys
from _thread import get_ident


class untouched:
    """`strict`: code of the user's may run inside."""

    def __init__(self, strict):
        self.strict = strict

    def __enter__(self):
        self.before = _states() if self.strict else None
        if self.strict:
            self.streams = sys.stdout, sys.stderr
            sys.stdout, sys.stderr = (_Muted(stream) for stream in self.streams)
        return self

    def put_back(self):
        """Puts the generators back; True where one had been drawn from."""
        if not self.strict or _same(self.before, _states()):
            return False
        _put_back(self.before)
        return True

    def __exit__(self, *exception):
        if not self.strict:
            return
        for stream, name in zip(self.streams, ('stdout', 'stderr')):
            if isinstance(getattr(sys, name), _Muted):
                setattr(sys, name, stream)
        self.put_back()


def _states():
    states = {}
    if 'random' in sys.modules:
        states['random'] = sys.modules['random'].getstate()
    numpy = sys.modules.get('numpy.random')
    if numpy is not None and hasattr(numpy, 'get_state'):
        states['numpy'] = numpy.get_state()
    torch = sys.modules.get('torch')
    if torch is not None and hasattr(torch, 'get_rng_state'):
        states['torch'] = torch.get_rng_state()
    return states


def _same(one, other):
    if 'random' in one and one['random'] != other['random']:
        return False
    if 'numpy' in one and (one['numpy'][2:] != other['numpy'][2:] or (one['numpy'][1] != other['numpy'][1]).any()):
        return False
    return 'torch' not in one or bool((one['torch'] == other['torch']).all())


def _put_back(states):
    if 'random' in states:
        sys.modules['random'].setstate(states['random'])
    if 'numpy' in states:
        sys.modules['numpy.random'].set_state(states['numpy'])
    if 'torch' in states:
        sys.modules['torch'].set_rng_state(states['torch'])


class _Muted:
    def __init__(self, stream):
        self._stream = stream
        self._thread = get_ident()

    def write(self, text):
        return len(text) if get_ident() == self._thread else self._stream.write(text)

    def __getattr__(self, name):
        return getattr(self._stream, name)
