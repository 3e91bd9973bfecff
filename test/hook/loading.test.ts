import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pythonSite } from '../../agent/recorder/observed/observed-folder.ts';
import { root } from '../support/sources.ts';
import { withEachPython } from './support/each-python.ts';
import { Hooked } from './support/hooked.ts';
import { listOldPythons } from './support/pythons.ts';

const program = `
import sys
print('sitecustomize' in sys.modules, getattr(sys, 'shadowed', None), getattr(sys, 'own', None))
module = sys.modules.get('sitecustomize')
print(module and (module.__file__, module.__name__, module.__spec__.origin, module.__package__))
`;

withEachPython('A sitecustomize that we stand before', ({ python, hooked }) => {
  const same = (files: Record<string, string>, environment: Record<string, string>) => {
    const place = hooked({ ...files, 'train.py': program });
    const paths = (environment.PYTHONPATH ?? '')
      .split(':')
      .map((name) => (name === '' ? '' : place.path(name)))
      .join(':');
    const given = { ...environment, ...(paths === '' ? {} : { PYTHONPATH: paths }) };
    const plain = place.runPlain([python.path, 'train.py'], given);
    assert.deepEqual(place.run([python.path, 'train.py'], given), plain);
    assert.equal(place.of('process').length, 1);
    return plain;
  };

  it('runs where there is one on PYTHONPATH', () => {
    const { stdout } = same(
      { 'first/sitecustomize.py': 'import sys\nsys.shadowed = __name__\n' },
      { PYTHONPATH: 'first' },
    );
    assert.match(stdout, /^True sitecustomize/);
  });

  it('runs where it is a package', () => {
    const { stdout } = same(
      {
        'first/sitecustomize/__init__.py': 'from . import part\n',
        'first/sitecustomize/part.py': 'import sys\nsys.shadowed = 2\n',
      },
      { PYTHONPATH: 'empty:first' },
    );
    assert.match(stdout, /^True 2/);
  });

  it('runs where it stands before another one itself', () => {
    same(
      {
        'first/sitecustomize.py': `
import sys, os, importlib
sys.own = 1
here = os.path.dirname(__file__)
sys.path.remove(here)
del sys.modules['sitecustomize']
import sitecustomize
sys.path.insert(0, here)
`,
        'second/sitecustomize.py': 'import sys\nsys.shadowed = 2\n',
      },
      { PYTHONPATH: 'first:second' },
    );
  });

  it('fails as it would', () => {
    same({ 'first/sitecustomize.py': 'raise RuntimeError("broken")\n' }, { PYTHONPATH: 'first' });
    same({ 'first/sitecustomize.py': 'import no_such_module\n' }, { PYTHONPATH: 'first' });
    same({ 'first/sitecustomize.py': 'syntax error\n' }, { PYTHONPATH: 'first' });
  });

  it('is none where there is none, and usercustomize stays what it is', () => {
    const { stdout } = same(
      { 'first/usercustomize.py': 'import sys\nsys.own = "user"\n' },
      { PYTHONPATH: 'first' },
    );
    assert.match(stdout, /user/);
  });

  it('runs in a virtual environment', () => {
    const place = hooked({ 'train.py': program });
    assert.equal(place.runPlain([python.path, '-m', 'venv', '--without-pip', 'env']).code, 0);
    place.write({
      [`env/lib/python${python.version}/site-packages/sitecustomize.py`]:
        'import sys\nsys.shadowed = "venv"\n',
    });
    const venv = place.path('env/bin/python');
    const plain = place.runPlain([venv, 'train.py']);
    // Debian's own stands before it.
    assert.match(plain.stdout, python.path.startsWith('/usr/') ? /True/ : /venv/);
    assert.deepEqual(place.run([venv, 'train.py']), plain);
    assert.deepEqual(place.reads(), []);
  });

  it('runs alone where nothing is recorded', () => {
    const place = hooked({ 'train.py': program });
    const command = [python.path, 'train.py'];
    const plain = place.runPlain(command);
    assert.deepEqual(place.runPlain(command, { PYTHONPATH: pythonSite() }), plain);
    const nowhere = { ...place.environment, RUNRECORD_DIR: '/none', PYTHONPATH: pythonSite() };
    assert.deepEqual(place.runPlain(command, nowhere), plain);
  });

  it('leaves no bytecode in the folder of the product', () => {
    const built = join(root, 'dist/agent/python/inside');
    const place = hooked({ 'train.py': 'import sys\nsys.exit(sys.dont_write_bytecode)\n' });
    const given = { ...place.environment, PYTHONPATH: join(built, 'site') };
    const ran = place.runPlain([python.path, 'train.py'], given);
    assert.deepEqual(ran, { code: 0, signal: null, stdout: '', stderr: '' });
    assert.equal(place.of('process').length, 1);
    assert.ok(statSync(join(built, 'site/__pycache__')).isFile());
    assert.equal(existsSync(join(built, '__pycache__')), false);
    assert.equal(existsSync(join(built, 'native/__pycache__')), false);
  });

  it('is kept for the next start in the cache of the user, whatever the program says of its own', () => {
    const place = hooked({ 'train.py': '' });
    const given = { XDG_CACHE_HOME: place.path('cache'), PYTHONDONTWRITEBYTECODE: '1' };
    for (const _ of [1, 2]) {
      const ran = place.run([python.path, '-m', 'timeit', '-n1', '-r1'], given);
      assert.equal(ran.stderr, '');
    }
    const [stamp = ''] = readdirSync(place.path('cache/runrecord/python'));
    const kept = readdirSync(join(place.path('cache/runrecord/python'), stamp));
    assert.ok(kept.some((name) => name.startsWith('start.')));
    place.write({
      [`cache/runrecord/python/${stamp}/${kept.find((n) => n.startsWith('start.'))}`]: 'x',
    });
    assert.equal(place.run([python.path, 'train.py'], given).stderr, '');
    const unwritable = { ...given, XDG_CACHE_HOME: '/proc/none' };
    assert.equal(place.run([python.path, 'train.py'], unwritable).stderr, '');
    assert.equal(place.of('process').length, 4);
  });
});

describe('A Python that is too old to be observed', () => {
  for (const { version, path } of listOldPythons()) {
    it(`${version} runs as it would, with the sitecustomize that we stand before`, () => {
      const place = new Hooked({
        'first/sitecustomize.py': 'import sys\nsys.shadowed = 1\n',
        'train.py':
          'import os, sys\nprint((sys.shadowed if hasattr(sys, "shadowed") else 0, sys.path, os.environ.get("PYTHONPATH")))\n',
      });
      for (const shadowed of [{}, { PYTHONPATH: place.path('first') }]) {
        // Python 2 leaves its bytecode beside the source.
        const given = { ...shadowed, PYTHONDONTWRITEBYTECODE: '1' };
        const plain = place.runPlain([path, 'train.py'], given);
        assert.deepEqual(place.run([path, 'train.py'], given), plain);
        assert.equal(plain.code, 0);
      }
      assert.deepEqual(place.files(), []);
      place.dispose();
    });
  }
});
