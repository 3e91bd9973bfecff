import assert from 'node:assert/strict';
import { withEachPython } from './support/each-python.ts';

withEachPython('The end of a program', ({ python, hooked }) => {
  const run = (files: Record<string, string>, command = ['train.py']) => {
    const place = hooked(files);
    return { place, ran: place.run([python.path, ...command]) };
  };

  it('is told with its exception, its causes and its code', () => {
    const { place, ran } = run({
      'train.py': `
import sys
class Bad(ValueError):
    pass
sys.excepthook = lambda *given: print('mine', file=sys.stderr)
def train():
    try:
        {}['x']
    except KeyError as error:
        raise Bad('no data') from error
train()
`,
    });
    assert.equal(ran.stderr, 'mine\n');
    const [exception] = place.of('exception');
    assert.equal(exception?.kind, 'Bad');
    assert.equal(exception?.message, 'no data');
    assert.match(exception?.traceback ?? '', /KeyError: 'x'[\s\S]*direct cause[\s\S]*in train/);
    assert.deepEqual(
      place.of('exit').map(({ code }) => code),
      [1],
    );
    assert.deepEqual(place.reads(), []);
  });

  it('is not told of exceptions that end nothing', () => {
    const { place } = run({
      'train.py': `
import sys, threading
def work():
    raise ValueError('in a thread')
thread = threading.Thread(target=work)
thread.start()
thread.join()
try:
    1 / 0
except ZeroDivisionError:
    sys.excepthook(*sys.exc_info())
sys.exit(3)
`,
    });
    assert.deepEqual(place.of('exception'), []);
    assert.equal(place.of('exit').length, 1);
  });

  it('is told of an exception that cannot be shown', () => {
    const { place, ran } = run({
      'train.py': `
class Odd(Exception):
    def __str__(self):
        raise RuntimeError('no text')
def deep(n):
    return deep(n + 1)
try:
    deep(0)
except RecursionError:
    raise Odd from None
`,
    });
    assert.equal(ran.code, 1);
    assert.equal(place.of('exception')[0]?.kind, 'Odd');
  });

  it('comes after all that runs at its end', () => {
    const { place } = run({
      'train.py': `
import atexit, multiprocessing
atexit.register(lambda: open('at-exit', 'w').close())
open('x', 'w').close()
`,
    });
    assert.deepEqual(place.writes(), ['create x', 'create at-exit']);
    assert.equal(place.lines().at(-1)?.t, 'exit');
  });

  it('is told by os._exit too', () => {
    const { place, ran } = run({ 'train.py': 'import os\nos._exit(5)\n' });
    assert.equal(ran.code, 5);
    assert.deepEqual(
      place.of('exit').map(({ code }) => code),
      [5],
    );
  });

  it('leaves the modules that were imported, with their versions', () => {
    const { place, ran } = run({
      'train.py':
        'import sys\nsys.path.append("env/site-packages")\nimport own, sub.part\nfrom lib import inner\n',
      'own.py': 'import json\n',
      'sub/part.py': '',
      'env/site-packages/lib/__init__.py': '__version__ = "1.2"\n',
      'env/site-packages/lib/inner.py': '',
    });
    assert.equal(ran.stderr, '');
    const found = place.of('module').map(({ name, version }) => `${name} ${version}`);
    for (const name of ['__main__ null', 'own null', 'sub.part null', 'lib 1.2']) {
      assert.ok(found.includes(name), `${name} in ${found}`);
    }
    assert.ok(!found.some((name) => name.startsWith('json')));
  });

  it('leaves those of a module that was started by -m', () => {
    const { place } = run(
      {
        'package/__init__.py': '',
        'package/train.py': 'import package.other\n',
        'package/other.py': '',
      },
      ['-m', 'package.train'],
    );
    const found = place.of('module').map(({ name, file }) => `${name} ${file}`);
    for (const [name, file] of [
      ['__main__', 'package/train.py'],
      ['package', 'package/__init__.py'],
      ['package.other', 'package/other.py'],
    ]) {
      assert.ok(found.includes(`${name} ${place.path(file ?? '')}`), `${name} in ${found}`);
    }
  });
});

withEachPython('A function that we stand before', ({ python, hooked }) => {
  it('looks, warns and fails as it would by itself', () => {
    const files = {
      'lib/safetensors/__init__.py': `
import warnings
class safe_open:
    kind = 1
    def __init__(self, filename, framework=None):
        warnings.warn('old', FutureWarning, stacklevel=2)
        self.filename = filename
def serialize_file(tensors, filename, metadata=None):
    """Writes."""
    warnings.warn('older', FutureWarning, stacklevel=2)
    open(filename, 'wb').close()
`,
      'train.py': `
import inspect, sys
sys.path.insert(0, 'lib')
import safetensors
from safetensors import safe_open, serialize_file
class Mine(safe_open):
    pass
opened = safe_open('in.bin', framework='np')
print(isinstance(opened, safe_open), isinstance(Mine('in.bin'), safe_open), issubclass(Mine, safe_open))
print(safe_open.kind, safe_open.__name__, repr(safe_open), type(opened).__name__)
print(serialize_file.__name__, serialize_file.__doc__, inspect.signature(serialize_file))
serialize_file({}, 'out.bin')
serialize_file(filename='out2.bin', tensors={})
try:
    serialize_file()
except TypeError as error:
    print(error)
serialize_file({}, 'missing/out.bin')
`,
      'in.bin': '',
    };
    const place = hooked(files);
    const plain = place.runPlain([python.path, 'train.py']);
    place.reset(files);
    assert.deepEqual(place.run([python.path, 'train.py']), plain);
    assert.match(plain.stderr, /train.py", line 20|train.py:20|FileNotFoundError/);
    assert.deepEqual(place.reads(), ['in.bin']);
    assert.deepEqual(place.writes(), ['create out.bin', 'create out2.bin']);
    assert.equal(place.of('read')[0]?.how, 'safetensors');
  });
});
