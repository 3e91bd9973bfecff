"""What the core gives: the one place where this folder reaches out of itself."""

from _runrecord.before import hashing
from _runrecord.guard import quietly
from _runrecord.report import at_exit, redact, report, set_job, when_imported, wrap

__all__ = ['at_exit', 'quietly', 'read_unseen', 'redact', 'report', 'set_job', 'when_imported', 'wrap']


def read_unseen(path, limit):
    """The text of a file that the program may not have read itself: it does not count as read."""
    hashing.add(path)
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            return file.read(limit)
    except (OSError, ValueError):
        return None
    finally:
        hashing.discard(path)
