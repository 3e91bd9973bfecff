"""How this process ends: its unhandled exception, and its last line."""
import os
import sys
from _thread import get_ident

from _runrecord import modules
from _runrecord.encoding import import_unseen
from _runrecord.guard import OUR_FILES, quietly, wrap
from _runrecord.report import report, run_exits

LONGEST = 100_000
_main = get_ident()
_code = None


def on_excepthook(arguments):
    """Raised before `sys.excepthook` is called, whoever has replaced it."""
    global _code
    if get_ident() != _main:
        return
    _hook, kind, error, traceback = arguments
    _code = 1
    quietly(without_us, error, set())
    quietly(describe, kind, error, traceback)
    quietly(stay_interrupted, kind)


def stay_interrupted(kind):
    """Python ends by SIGINT where a KeyboardInterrupt was the last that left a piece of code; what
    was imported to describe it has run code since."""
    if kind is KeyboardInterrupt:
        try:
            exec('raise KeyboardInterrupt')
        except KeyboardInterrupt:
            pass


def without_us(error, seen):
    """What is about to be printed shows the frames that it would show without us."""
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        entry = error.__traceback__
        while entry is not None:
            after = entry.tb_next
            while after is not None and after.tb_frame.f_code.co_filename.startswith(OUR_FILES):
                after = after.tb_next
            if after is not entry.tb_next:
                entry.tb_next = after
            entry = after
        without_us(error.__cause__, seen)
        error = error.__context__


def write_traceback(kind, error, traceback):
    from _runrecord.redaction import redact_text
    from _runrecord.traceback_text import text_of
    text = text_of(kind, error, traceback)
    if len(text) > LONGEST:
        text = text[:LONGEST // 2] + '\n[...]\n' + text[-LONGEST // 2:]
    return redact_text(text, 'failure.traceback')


def describe(kind, error, traceback):
    from _runrecord.redaction import redact_text
    name = kind.__qualname__
    if kind.__module__ not in ('builtins', '__main__'):
        name = kind.__module__ + '.' + name
    try:
        message = str(error)
    except Exception:
        message = ''
    report({'t': 'exception', 'kind': name,
            'message': redact_text(message[:LONGEST], 'failure.message'),
            'traceback': write_traceback(kind, error, traceback)})


def leave(code):
    quietly(modules.tell_all)
    run_exits()
    report({'t': 'exit', 'code': code})


def end():
    quietly(leave, _code)
    # What Python finds among its modules it empties now, while the program may still call what we
    # stand before.
    for name in list(sys.modules):
        if name.partition('.')[0] == '_runrecord':
            del sys.modules[name]


def begin():
    # The first that is registered runs last. Before 3.10 what is registered is lost with its module.
    atexit = import_unseen('atexit') if sys.version_info >= (3, 10) else __import__('atexit')
    atexit.register(end)
    wrap(os, '_exit', exiting)


def exiting(original):
    def _exit(*arguments, **named):
        status = arguments[0] if arguments else named.get('status')
        if isinstance(status, int):
            quietly(leave, status)
        return original(*arguments, **named)
    return _exit


EVENTS = {'sys.excepthook': on_excepthook}
