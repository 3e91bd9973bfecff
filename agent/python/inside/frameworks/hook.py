"""What the core gives: the one place where this folder reaches out of itself."""

from .. import at_exit, redact, report, set_job, when_imported, wrap

__all__ = ['at_exit', 'redact', 'report', 'set_job', 'when_imported', 'wrap']
