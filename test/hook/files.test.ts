import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { withEachPython } from './support/each-python.ts';

withEachPython('The files of a program', ({ python, hooked }) => {
  const run = (program: string, files: Record<string, string> = {}) => {
    const place = hooked({ ...files, 'train.py': program });
    const ran = place.run([python.path, 'train.py']);
    assert.equal(ran.stderr, '');
    return place;
  };

  it('are those that it opens to read, once for each content', () => {
    const place = run(
      `
import os, pathlib
open('data/a.csv').read()
open(b'data/a.csv', 'rb').read()
pathlib.Path('data/b.csv').read_text()
fd = os.open('data/c.csv', os.O_RDONLY); os.close(fd)
os.utime('data/a.csv', (1, 1))
open('data/a.csv').read()
for missing in ('data/none.csv', 'nowhere/none.csv'):
    try:
        open(missing)
    except FileNotFoundError:
        pass
`,
      { 'data/a.csv': '1', 'data/b.csv': '2', 'data/c.csv': '3' },
    );
    assert.deepEqual(place.reads(), ['data/a.csv', 'data/b.csv', 'data/c.csv', 'data/a.csv']);
    assert.deepEqual(place.writes(), []);
  });

  it('are those that it writes, with what they were before', () => {
    const place = run(
      `
import os
os.makedirs('out')
open('out/new.txt', 'w').write('x')
open('old.txt', 'w').write('x')
open('log.txt', 'a').write('x')
open('in-place.txt', 'r+').write('x')
open('empty.txt', 'a').write('x')
open('out/exclusive.txt', 'x').write('x')
for mode in ('w', 'x', 'r+'):
    try:
        open('missing/' + mode, mode)
    except FileNotFoundError:
        pass
try:
    open('old.txt', 'x')
except FileExistsError:
    pass
os.remove('out/new.txt')
open('out/new.txt', 'w').write('x')
`,
      { 'old.txt': 'old', 'log.txt': 'log', 'in-place.txt': 'abc', 'empty.txt': '' },
    );
    assert.deepEqual(place.writes(), [
      'create out/new.txt',
      'truncate old.txt',
      'append log.txt',
      'update in-place.txt',
      'append empty.txt',
      'create out/exclusive.txt',
      'create out/new.txt',
    ]);
    assert.deepEqual(place.reads(), ['log.txt', 'in-place.txt']);
    const [created, truncated] = place.of('write');
    assert.equal(created?.stat, null);
    assert.equal(truncated?.stat?.[2], 3);
  });

  it('are kept by their digest before they are lost', () => {
    const place = run(
      `
import os
open('input.csv').read()
open('input.csv', 'w').write('new')
open('replaced.csv').read()
open('temporary', 'w').write('new')
os.replace('temporary', 'replaced.csv')
open('removed.csv').read()
os.remove('removed.csv')
open('changed.csv', 'r+b').write(b'X')
open('unread.csv', 'w').write('new')
open('own.csv', 'w').write('1')
open('own.csv').read()
os.remove('own.csv')
`,
      {
        'input.csv': 'one',
        'replaced.csv': 'two',
        'removed.csv': 'three',
        'changed.csv': 'four',
        'unread.csv': 'five',
      },
    );
    const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
    assert.deepEqual(
      place.of('before').map((line) => [line.path, line.digest]),
      [
        [place.path('input.csv'), digest('one')],
        [place.path('replaced.csv'), digest('two')],
        [place.path('removed.csv'), digest('three')],
        [place.path('changed.csv'), digest('four')],
      ],
    );
    assert.deepEqual(
      place.reads().filter((name) => name !== 'own.csv'),
      ['input.csv', 'replaced.csv', 'removed.csv', 'changed.csv'],
    );
    assert.deepEqual(place.writes(), [
      'truncate input.csv',
      'create temporary',
      'update changed.csv',
      'truncate unread.csv',
      'create own.csv',
    ]);
  });

  it('are followed where they are moved, linked and removed', () => {
    const place = run(
      `
import os, pathlib, shutil
open('a', 'w').write('x')
os.rename('a', 'b')
shutil.move('b', 'c')
pathlib.Path('c').rename('d')
os.link('d', 'hard')
os.symlink('d', 'soft')
os.makedirs('folder')
open('folder/inside', 'w').write('x')
os.rename('folder', 'other')
open('folder2', 'w').write('x')
os.unlink('d')
shutil.rmtree('other')
for failing in (lambda: os.rename('none', 'x'), lambda: os.remove('none')):
    try:
        failing()
    except FileNotFoundError:
        pass
`,
    );
    const short = (path: string) => path.slice(place.root.length + 1);
    assert.deepEqual(
      place.of('rename').map(({ from, to }) => [short(from), short(to)]),
      [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'd'],
        ['folder', 'other'],
      ],
    );
    assert.deepEqual(
      place.of('remove').map(({ path }) => short(path)),
      ['d', 'other/inside'],
    );
    assert.deepEqual(
      place.of('link').map(({ from, to, hard }) => [short(from), short(to), hard]),
      [
        ['d', 'hard', true],
        ['d', 'soft', false],
      ],
    );
  });

  it('are found from wherever the program has gone, and by names that are no text', () => {
    const place = run(
      `
import os
folder = os.getcwd()
os.makedirs('deep/er')
os.chdir('deep')
open('er/../x', 'w').close()
open('./y', 'w').close()
os.chdir('/')
open(os.fsencode(folder) + b'/caf\\xe9', 'w').close()
fd = os.open(folder + '/deep', os.O_RDONLY)
os.rename('x', 'z', src_dir_fd=fd, dst_dir_fd=fd)
os.unlink('y', dir_fd=fd)
def opener(path, flags):
    return os.open(path, flags, dir_fd=fd)
with open('by-opener', 'w', opener=opener) as file:
    file.write('x')
open('er/../z').read() if os.path.exists('er/../z') else None
`,
    );
    for (const name of ['deep/x', 'deep/y', 'caf\udce9', 'deep/by-opener']) {
      assert.ok(place.writes().includes(`create ${name}`), name);
    }
    assert.deepEqual(
      place.of('rename').map(({ from, to }) => [from, to]),
      [[place.path('deep/x'), place.path('deep/z')]],
    );
    assert.deepEqual(
      place.of('remove').map(({ path }) => path),
      [place.path('deep/y')],
    );
  });

  it('are files: no pipes, terminals, devices, descriptors or unnamed ones', () => {
    const place = run(
      `
import os, tempfile, socket, stat, sys
os.mkfifo('pipe')
fd = os.open('pipe', os.O_RDWR | os.O_NONBLOCK)
open('pipe', 'w').close()
for name in ('/dev/null', '/proc/self/status', '/sys/kernel/mm/transparent_hugepage/enabled'):
    try:
        open(name).read()
    except OSError:
        pass
open(os.devnull, 'w').close()
server = socket.socket(socket.AF_UNIX); server.bind('socket')
try:
    open('socket')
except OSError:
    pass
open(fd, closefd=False).close()
with tempfile.TemporaryFile(dir='.') as file:
    file.write(b'x')
try:
    open('folder')
except OSError:
    pass
`,
      { 'folder/x': '' },
    );
    assert.deepEqual(place.reads(), []);
    assert.deepEqual(place.writes(), []);
  });

  it('are not the code of modules, their bytecode, or what belongs to Python', () => {
    const place = hooked({
      'train.py': `
import json, csv, own, package.inner, inspect, linecache, importlib.resources
inspect.getsource(own)
import encodings.idna, email.message, zoneinfo if False else json
`.replace(
        'import encodings.idna, email.message, zoneinfo if False else json',
        'import email.message',
      ),
      'own.py': 'x = 1\n',
      'package/__init__.py': '',
      'package/inner.py': 'import os, pkgutil\nprint(pkgutil.get_data("package", "words.txt"))\n',
      'package/words.txt': 'w',
    });
    const ran = place.run([python.path, 'train.py']);
    assert.equal(ran.stderr, '');
    assert.deepEqual(place.reads(), ['package/words.txt']);
    assert.deepEqual(place.writes(), []);
    const own = place.of('module').filter(({ file }) => file?.startsWith(place.root));
    assert.deepEqual(own.map(({ name }) => name).sort(), [
      '__main__',
      'own',
      'package',
      'package.inner',
    ]);
  });

  it('are told as folders beyond a number of files, and the record says so', () => {
    const place = hooked({
      'train.py': `
import os
os.mkdir('many')
for n in range(110):
    open('many/%d' % n, 'w').close()
`,
    });
    place.write({ '.runrecord/runs/run-1/observed/spec.json': '{"rules": [], "fileLimit": 100}' });
    assert.equal(place.run([python.path, 'train.py']).stderr, '');
    assert.equal(place.writes().length, 100);
    assert.match(place.of('blind')[0]?.what ?? '', /more than 100 files/);
    assert.deepEqual(
      place.of('directory').map(({ path }) => path),
      [place.path('many')],
    );
  });

  it('are listed folders too, of those that are not of libraries', () => {
    const place = run(
      `
import glob, os, pathlib, json
sorted(glob.glob('data/*.csv'))
os.listdir('other')
list(pathlib.Path('third').iterdir())
os.listdir(os.path.dirname(json.__file__))
`,
      { 'data/x.csv': '', 'other/x': '', 'third/x': '' },
    );
    assert.deepEqual(
      place.of('directory').map(({ path }) => path),
      ['data', 'other', 'third'].map((name) => place.path(name)),
    );
  });

  it('are told with the native libraries that could open others', () => {
    const place = hooked({
      'train.py': `
import ctypes, json, math, os, shutil, sqlite3
with open('/proc/self/maps') as maps:
    library = next(line.split()[-1] for line in maps if '/libc.so' in line or '/libc-' in line)
for path in ('mine.so', 'x/site-packages/box.libs/libbox.so', 'x/site-packages/numpy.libs/libo.so'):
    os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
    shutil.copy(library, path)
    try:
        ctypes.CDLL(os.path.abspath(path))
    except OSError:
        pass
ctypes.CDLL(None)
ctypes.CDLL(library)
`,
    });
    assert.equal(place.run([python.path, 'train.py']).stderr, '');
    assert.deepEqual(
      place.of('extension').map(({ name, file }) => [name, file]),
      [
        ['mine.so', place.path('mine.so')],
        ['box', place.path('x/site-packages/box.libs/libbox.so')],
      ],
    );
  });

  it('are databases of SQLite, written only where they changed', () => {
    const place = hooked({
      'make.py': `
import sqlite3
for name in ('read.db', 'changed.db', 'by-parent.db'):
    db = sqlite3.connect(name); db.execute('create table t (a)'); db.commit(); db.close()
`,
      'train.py': `
import sqlite3
for name in ('read.db', 'file:read.db?mode=ro'):
    db = sqlite3.connect(name, uri=name.startswith('file:'))
    db.execute('select * from t').fetchall()
    db.close()
db = sqlite3.connect('changed.db'); db.execute('insert into t values (2)'); db.commit(); db.close()
db = sqlite3.connect('new.db'); db.execute('create table t (a)'); db.commit(); db.close()
sqlite3.connect(':memory:').execute('create table t (a)')
import os
open_db = sqlite3.connect('by-parent.db')
if os.fork() == 0:
    import time
    time.sleep(0.1)
    os._exit(0)
open_db.execute('insert into t values (2)'); open_db.commit(); open_db.close()
os.wait()
`,
    });
    place.runPlain([python.path, 'make.py']);
    assert.equal(place.run([python.path, 'train.py']).stderr, '');
    assert.deepEqual(place.reads(), ['read.db', 'changed.db', 'by-parent.db']);
    assert.deepEqual(place.writes(), ['update changed.db', 'create new.db', 'update by-parent.db']);
    assert.equal(place.of('before')[1]?.path, place.path('changed.db'));
  });
});
