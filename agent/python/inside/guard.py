"""What keeps our errors from the program, and its own from us."""
import sys

FunctionType = type(lambda: None)
# How the files of this package are named in its frames.
OUR_FILES = '<frozen importlib._bootstrap_runrecord.'
FOLLOWED = ('__module__', '__name__', '__qualname__', '__doc__')


def is_ours(error):
    """Whether an error of our code may be swallowed. One that a signal handler of the program has
    raised while our code ran is the program's: a time limit, mostly."""
    if not isinstance(error, Exception):
        return False
    traceback = error.__traceback__
    if traceback is None or traceback.tb_next is None:
        return True
    handlers = None
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if handlers is None:
            handlers = handler_codes()
            if not handlers:
                return True
        if code in handlers:
            return False
        traceback = traceback.tb_next
    return True


def handler_codes():
    signal = sys.modules.get('_signal')
    if signal is None:
        return ()
    codes = []
    for number in range(1, signal.NSIG):
        try:
            handler = signal.getsignal(number)
        except (ValueError, OSError):
            continue
        if callable(handler):
            called = getattr(handler, '__func__', handler)
            code = getattr(called, '__code__', None)
            codes.append(code or getattr(type(called).__call__, '__code__', None))
    return [code for code in codes if code is not None]


def quietly(function, *arguments):
    """What `function` answers; None where it fails."""
    try:
        return function(*arguments)
    except BaseException as error:
        if not is_ours(error):
            raise
        return None


def member(module, name):
    """What a module has by a name, without asking one that makes its members when they are asked."""
    try:
        return object.__getattribute__(module, '__dict__').get(name)
    except (AttributeError, TypeError):
        return None


def is_loading(module):
    return getattr(member(module, '__spec__'), '_initializing', False)


def wrap(owner, name, make):
    """Replaces `owner.name` by what `make(original)` gives, which looks like the original: its name,
    doc, signature, and whether it becomes a method of the class that it is put into.

    `make` is to call `original` exactly once, with what the program gave, and to pass on its answer
    and its errors; what else it does is to be done by `quietly`. A static or class method stays one.
    """
    try:
        kept = vars(owner).get(name) if isinstance(owner, type) else None
        original = kept if kept is not None else getattr(owner, name)
        kind = type(original) if isinstance(original, (staticmethod, classmethod)) else None
        if kind is not None:
            original = original.__func__
        if type(original).__name__ == 'classmethod_descriptor':
            # Of native code: it wants the class that it is asked for.
            kind, native = classmethod, original

            def original(owner, *arguments, **named):
                return native.__get__(None, owner)(*arguments, **named)

            look_like(native, original)
        wrapped = make(original)
        look_like(original, wrapped)
        if kind is not None:
            wrapped = kind(wrapped)
        elif isinstance(original, FunctionType) or isinstance(owner, type):
            pass
        else:
            # Built-in functions do not become methods where they are put into a class.
            wrapped = unbound(wrapped, original)
        setattr(owner, name, wrapped)
        return True
    except Exception as error:
        if not is_ours(error):
            raise
        return False


class StandIn:
    """In place of a class of native code, whose methods cannot be set and which a subclass may
    break: made, tested for, derived from and looked into as the class itself."""

    def __init__(self, original, make):
        self.__dict__.update(_original=original, _call=make(original), __wrapped__=original)
        for name in FOLLOWED:
            self.__dict__[name] = getattr(original, name, None)

    def __call__(self, *arguments, **named):
        return self._call(*arguments, **named)

    def __instancecheck__(self, instance):
        return isinstance(instance, self._original)

    def __subclasscheck__(self, subclass):
        return issubclass(subclass, self._original)

    def __mro_entries__(self, bases):
        return (self._original,)

    def __getattr__(self, name):
        return getattr(self._original, name)

    def __setattr__(self, name, value):
        setattr(self._original, name, value)

    def __eq__(self, other):
        return other is self or self._original == other

    def __hash__(self):
        return hash(self._original)

    def __repr__(self):
        return repr(self._original)

    def __or__(self, other):
        return self._original | other

    def __ror__(self, other):
        return other | self._original


def look_like(original, wrapped):
    for name in FOLLOWED:
        try:
            setattr(wrapped, name, getattr(original, name))
        except (AttributeError, TypeError):
            pass
    try:
        wrapped.__dict__.update(vars(original))
    except TypeError:
        pass
    wrapped.__wrapped__ = original


class _Bound:
    def call(self):
        """Only there for the type of bound methods."""


def unbound(function, original):
    def call(_original, *arguments, **named):
        return function(*arguments, **named)

    look_like(original, call)
    return type(_Bound().call)(call, original)
