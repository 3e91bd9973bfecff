"""Ways to look at a call. Whatever goes wrong on our side stays there, and from Python 3.11 on a
traceback that passes through has no frame of ours."""

from .hook import quietly, wrap


def hide(error):
    """Takes our own frame, the first of its traceback, from an exception that is about to be raised on."""
    if error.__traceback__ is not None:
        error.__traceback__ = error.__traceback__.tb_next


def tell_of(tell, result, args, kwargs):
    tell(result, *args, **kwargs)


def tell_before(tell, args, kwargs):
    return tell(*args, **kwargs)


def after(owner, name, tell):
    """`tell(result, *args, **kwargs)` once the call has returned."""
    def make(original):
        def call(*args, **kwargs):
            try:
                result = original(*args, **kwargs)
            except BaseException as error:
                hide(error)
                raise
            quietly(tell_of, tell, result, args, kwargs)
            return result
        return call
    _replace(owner, name, make)


def before(owner, name, tell):
    """`tell(*args, **kwargs)` before the call is made."""
    def make(original):
        def call(*args, **kwargs):
            quietly(tell_before, tell, args, kwargs)
            try:
                return original(*args, **kwargs)
            except BaseException as error:
                hide(error)
                raise
        return call
    _replace(owner, name, make)


def around(owner, name, begin):
    """`begin(*args, **kwargs)` gives what is called with (result, error) at the end, or None."""
    def make(original):
        def call(*args, **kwargs):
            end = quietly(tell_before, begin, args, kwargs)
            result = failure = None
            try:
                result = original(*args, **kwargs)
                return result
            except BaseException as error:
                failure = error
                hide(error)
                raise
            finally:
                if end is not None:
                    quietly(end, result, failure)
                failure = None
        return call
    _replace(owner, name, make)


def _replace(owner, name, make):
    """A version of a library that has no such member is left alone."""
    if hasattr(owner, name):
        wrap(owner, name, make)
