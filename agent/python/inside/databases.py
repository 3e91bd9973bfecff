"""SQLite's files, which C opens. One that is connected to may be written to at any time: it is told
as written once it is another than it was."""
import os

from _runrecord import before, files
from _runrecord.report import at_exit

# Path -> stat when it was connected to.
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
    check()
    if not os.path.exists(path):
        if not read_only:
            files.opened_for_writing(path, os.O_RDWR | os.O_CREAT, 'sqlite3')
        return
    files.read(path, 'sqlite3')
    if read_only or path in watched or path in files.created:
        return
    if not watched:
        at_exit(check)
    stat = os.stat(path)
    before.keep(path, stat)
    watched[path] = stat


def check():
    for path, stat in list(watched.items()):
        now = files.stat_or_none(path)
        if now is not None and files.facts(now) != files.facts(stat):
            del watched[path]
            files.wrote(path, stat, 'update', 'sqlite3')


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
