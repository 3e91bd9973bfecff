"""Files of databases (SQLite and others), which C opens. One that is connected to may be written to at any time: it is told
as written once it is another than it was."""
import os

from _runrecord import before, files
from _runrecord.report import at_exit

# Path -> (stat when it was connected to, how).
watched = {}


def on_connect(arguments):
    database = arguments[0]
    if type(database) is not str:
        database = os.fsdecode(database)
    read_only = False
    if database.startswith('file:'):
        database, _sign, query = database[5:].partition('?')
        options = query.partition('#')[0].split('&')
        if 'mode=memory' in options:
            return
        read_only = 'mode=ro' in options or 'immutable=1' in options
        database = unquoted(database)
        if database.startswith('//'):
            database = '/' + database[2:].partition('/')[2]
    if database in ('', ':memory:'):
        return
    path = files.path_of(database)
    if path is None:
        return
    connect(path, 'sqlite3', read_only)


def connect(path, how, read_only=False):
    """Of any file that may be read, or changed at any time from now on; a folder stands for what
    lies in it."""
    if os.path.isdir(path):
        for name in os.listdir(path):
            if os.path.isfile(os.path.join(path, name)):
                connect(os.path.join(path, name), how, read_only)
        return
    check()
    if not os.path.exists(path):
        if not read_only:
            files.opened_for_writing(path, os.O_RDWR | os.O_CREAT, how)
        return
    files.read(path, how)
    if read_only or path in watched or path in files.created:
        return
    if not watched:
        at_exit(check)
    stat = os.stat(path)
    before.keep(path, stat)
    watched[path] = stat, how


def check():
    for path, (stat, how) in list(watched.items()):
        now = files.stat_or_none(path)
        if now is not None and files.facts(now) != files.facts(stat):
            del watched[path]
            files.wrote(path, stat, 'update', how)


def unquoted(text):
    if '%' not in text:
        return text
    parts = text.encode('utf-8', 'surrogateescape').split(b'%')
    result = parts[0]
    for part in parts[1:]:
        try:
            result += bytes([int(part[:2], 16)]) + part[2:]
        except ValueError:
            result += b'%' + part
    return os.fsdecode(result)
