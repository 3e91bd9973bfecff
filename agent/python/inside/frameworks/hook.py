"""What the core gives: the one place where this folder reaches out of itself."""

import sys

from _runrecord.before import hashing
from _runrecord.guard import quietly
from _runrecord.redaction import redacted_text, tell
from _runrecord.report import at_exit, at_job_change, redact, report, set_job, when_imported, wrap

__all__ = ['at_exit', 'forgetting', 'hidden', 'job_ends', 'quietly', 'read_unseen', 'redact', 'report', 'set_job', 'when_imported', 'wrap']

# What each job of a multirun is told anew: functions that forget what was told.
forgetting = []


def job_ends():
    """The last words of a job, while they are still its own."""
    for name in ('metrics', 'settings'):
        module = sys.modules.get('_runrecord.frameworks.' + name)
        if module is not None:
            quietly(module.last_words)


def job_changes():
    for forget in forgetting:
        forget()


at_job_change.append(job_changes)


def hidden(rule, where):
    """In the place of a secret that the program itself marks as one."""
    tell(where, rule)
    return redacted_text(rule)


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
