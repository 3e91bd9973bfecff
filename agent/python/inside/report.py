"""The way in which everything in here says what it saw, and how it gets to see it."""
import sys
import time
from _thread import get_ident

from _runrecord import guard, state, writer
from _runrecord.encoding import BEYOND, dumps, quote
from _runrecord.guard import quietly, wrap
from _runrecord.imports import when_imported
from _runrecord.redaction import redact

__all__ = ['report', 'when_imported', 'at_exit', 'wrap', 'quietly', 'redact', 'set_job',
           'caller_file', 'blind', 'state']

# The number of the multirun job that each thread works for.
jobs = {}
at_job_change = []
_said = set()
_exits = []


def report(line):
    """Writes a line, with the time and the job. Never raises."""
    try:
        job = current_job()
        if job is not None:
            line['job'] = job
        if 'at' not in line:
            line['at'] = time.time()
        writer.write(dumps(line).encode('ascii'))
    except BaseException as error:
        if not guard.is_ours(error):
            raise


def report_read(path, stat, how):
    """The line that most programs have most of, put together by hand: 2 microseconds, not 9."""
    if jobs or stat.st_ino > BEYOND or stat.st_dev > BEYOND:
        facts = [stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
        report({'t': 'read', 'path': path, 'stat': facts, 'how': how})
        return
    line = '{"t":"read","path":%s,"stat":[%d,%d,%d,"%d","%d"],"how":"%s","at":%r}' % (
        quote(path), stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns,
        how, time.time())
    writer.write(line.encode('ascii'))


def report_soon(line):
    """As `report`, but never before the line that says who this process is."""
    if writer.introducing is None:
        report(line)
    else:
        writer.introducing.append(line)


def blind(what):
    """Says once in this process what cannot be seen."""
    if what not in _said:
        _said.add(what)
        report({'t': 'blind', 'what': what})


def current_job():
    if not jobs:
        return None
    job = jobs.get(get_ident())
    if job is None and len(set(jobs.values())) == 1:
        # A thread that was started by the one job that is under way.
        return next(iter(jobs.values()))
    return job


def set_job(number):
    """Tags what this thread reports from here on; None: it belongs to no job any more. Files are
    then first seen anew, as they are told job by job."""
    if number is None:
        jobs.pop(get_ident(), None)
    else:
        jobs[get_ident()] = number
    for tell in at_job_change:
        tell()


def at_exit(function):
    """Runs `function` before the interpreter ends in order, or by `os._exit`, and before the line
    that says so; the last that came first."""
    _exits.append(function)


def run_exits():
    while _exits:
        quietly(_exits.pop())


def caller_file():
    """(file, line) of the nearest frame that is neither ours nor of a library; None where all are."""
    from _runrecord import places
    frame = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith('<') and not places.is_library(places.absolute(file)):
            return file, frame.f_lineno
        frame = frame.f_back
    return None
