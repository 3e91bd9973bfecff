"""What a file held, at the last moment before this process changes, replaces or removes it."""
import os
import stat as modes

from _runrecord import state
from _runrecord.encoding import import_unseen

# Files that are being read here: these opens are ours.
hashing = set()
_told = {}


def is_ours(path):
    return path in hashing


def keep(path, stat, in_place=False):
    """Tells the digest of a file that was read here, or is about to be changed in place; not of one
    that this process has made."""
    from _runrecord import files
    if path in files.created or not modes.S_ISREG(stat.st_mode):
        return
    if not in_place and path not in files.inputs:
        return
    if stat.st_size > state.spec().get('hashBeforeBytes', 0):
        return
    facts = files.facts(stat)
    if _told.get(path) == facts:
        return
    digest = digest_of(path)
    if digest is not None:
        _told[path] = facts
        files.report({'t': 'before', 'path': path, 'stat': facts, 'digest': 'sha256:' + digest})


def digest_of(path):
    try:
        hashing.add(path)
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    finally:
        hashing.discard(path)
    try:
        sha256 = new_sha256()
        while True:
            chunk = os.read(fd, 1 << 18)
            if not chunk:
                return sha256.hexdigest()
            sha256.update(chunk)
    except OSError:
        return None
    finally:
        os.close(fd)


def new_sha256():
    """By OpenSSL where it is there: it uses the processor's own instructions."""
    for name, maker in (('_hashlib', 'openssl_sha256'), ('_sha2', 'sha256'), ('_sha256', 'sha256')):
        try:
            return getattr(import_unseen(name), maker)()
        except (ImportError, AttributeError, ValueError):
            continue
    import hashlib
    return hashlib.sha256()
