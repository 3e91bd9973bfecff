"""Starts all parts, in their order."""
import sys

from _runrecord import ending, files, guard, modules, native, processes, writer
from _runrecord.guard import quietly
from _runrecord.native import extensions

handlers = {}


def hook(event, arguments):
    handler = handlers.get(event)
    if handler is None:
        return
    try:
        handler(arguments)
    except BaseException as error:
        if not guard.is_ours(error):
            raise


def begin(loaded):
    """`loaded`: all that is loaded at the start has been."""
    for part in (files, processes, ending, modules, extensions):
        handlers.update(part.EVENTS)
    processes.begin()
    ending.begin()
    quietly(native.install)
    quietly(begin_frameworks)
    writer.start()
    quietly(modules.tell_main)
    quietly(loaded)
    sys.addaudithook(hook)


def begin_frameworks():
    from _runrecord import frameworks
    frameworks.install()
