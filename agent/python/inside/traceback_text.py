"""An exception as Python prints it, without loading what Python itself would not load: beside a
script may lie a module of the name of one that `traceback` wants."""
import sys

MOST_FRAMES = 200


def text_of(kind, error, traceback):
    formatting = sys.modules.get('traceback')
    if formatting is not None and hasattr(formatting, 'format_exception'):
        return ''.join(formatting.format_exception(kind, error, traceback))
    return ''.join(parts_of(error, traceback, set()))


def parts_of(error, traceback, seen):
    seen.add(id(error))
    cause, context = error.__cause__, error.__context__
    if cause is not None and id(cause) not in seen:
        yield from parts_of(cause, cause.__traceback__, seen)
        yield ('\nThe above exception was the direct cause of the following exception:\n\n')
    elif (cause is None and context is not None and not error.__suppress_context__ and
          id(context) not in seen):
        yield from parts_of(context, context.__traceback__, seen)
        yield '\nDuring handling of the above exception, another exception occurred:\n\n'
    if traceback is not None:
        yield 'Traceback (most recent call last):\n'
        yield from frames_of(traceback)
    yield last_line(error)


def frames_of(traceback):
    entries = []
    while traceback is not None:
        entries.append(traceback)
        traceback = traceback.tb_next
    left_out = len(entries) - MOST_FRAMES
    if left_out > 0:
        half = MOST_FRAMES // 2
        entries = entries[:half] + [None] + entries[-half:]
    for entry in entries:
        if entry is None:
            yield '  [%d frames left out]\n' % left_out
            continue
        code = entry.tb_frame.f_code
        yield '  File "%s", line %d, in %s\n' % (code.co_filename, entry.tb_lineno, code.co_name)
        line = line_of(code.co_filename, entry.tb_lineno)
        if line:
            yield '    %s\n' % line


def line_of(file, number):
    try:
        with open(file, 'rb') as source:
            for at, line in enumerate(source, 1):
                if at == number:
                    return line.decode('utf-8', 'replace').strip()
    except (OSError, ValueError):
        pass
    return ''


def last_line(error):
    kind = type(error)
    name = kind.__qualname__
    if kind.__module__ not in ('builtins', '__main__'):
        name = '%s.%s' % (kind.__module__, name)
    if isinstance(error, SyntaxError) and error.lineno:
        place = '  File "%s", line %s\n' % (error.filename or '<string>', error.lineno)
        shown = '    %s\n' % error.text.strip() if error.text else ''
        return '%s%s%s: %s\n' % (place, shown, name, error.msg)
    try:
        message = str(error)
    except Exception:
        message = '<exception str() failed>'
    return '%s: %s\n' % (name, message) if message else name + '\n'
