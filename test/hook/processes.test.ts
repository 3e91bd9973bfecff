import assert from 'node:assert/strict';
import { withEachPython } from './support/each-python.ts';

withEachPython('The processes of a program', ({ python, hooked }) => {
  const run = (files: Record<string, string>, command: string[] = ['train.py']) => {
    const place = hooked(files);
    const ran = place.run([python.path, ...command]);
    assert.equal(ran.stderr, '');
    assert.equal(ran.code, 0);
    return place;
  };

  it('are seen whatever starts them, with and without an environment of their own', () => {
    const place = run({
      'child.py': 'import sys\nopen("out-" + sys.argv[1], "w").close()\n',
      'train.py': `
import os, subprocess, sys
python = sys.executable
subprocess.run([python, 'child.py', 'run'])
subprocess.run([python, 'child.py', 'env'], env=dict(os.environ))
subprocess.run([python, 'child.py', 'bytes'], env=dict(os.environb))
subprocess.run([python, 'child.py', 'path'], env=dict(os.environ, PYTHONPATH='/other'))
subprocess.run([python, 'child.py', 'posix'], env=os.environ, close_fds=False)
subprocess.run('%s child.py shell' % python, shell=True)
os.system('%s child.py system | cat' % python)
os.popen('%s child.py popen' % python).close()
os.waitpid(os.posix_spawn(python, [python, 'child.py', 'spawn'], os.environ), 0)
os.waitpid(os.spawnv(os.P_NOWAIT, python, [python, 'child.py', 'spawnv']), 0)
os.waitpid(os.spawnve(os.P_NOWAIT, python, [python, 'child.py', 'spawnve'], dict(os.environ)), 0)
os.environ['PYTHONPATH'] = '/changed'
subprocess.run([python, 'child.py', 'changed'])
del os.environ['PYTHONPATH']
subprocess.run([python, 'child.py', 'deleted'])
pid = os.fork()
if pid == 0:
    open('out-fork', 'w').close()
    os.execle(python, python, 'child.py', 'exec', dict(os.environ))
os.waitpid(pid, 0)
os.execvp(python, [python, 'child.py', 'last'])
`,
    });
    const names =
      'run env bytes path posix shell system popen spawn spawnv spawnve changed deleted fork exec last';
    assert.deepEqual(
      place.writes().sort(),
      names
        .split(' ')
        .map((name) => `create out-${name}`)
        .sort(),
    );
    assert.ok(place.of('exec').every((line) => !line.scrubbed));
    assert.ok(place.of('exec').some((line) => line.shell && line.argv[2]?.includes('| cat')));
    const argvs = place.of('exec').map((line) => line.argv.at(-1));
    for (const name of ['run', 'posix', 'spawn', 'exec', 'last']) assert.ok(argvs.includes(name));
  });

  it('are told of where they cannot be seen', () => {
    const place = run({
      'child.py': 'import os\nassert "RUNRECORD_RUN_ID" not in os.environ\n',
      'train.py': `
import os, subprocess, sys
subprocess.check_call([sys.executable, 'child.py'], env={'PATH': os.environ['PATH']})
os.waitpid(os.posix_spawn(sys.executable, [sys.executable, 'child.py'], {}), 0)
for name in list(os.environ):
    if name.startswith('RUNRECORD_'):
        del os.environ[name]
subprocess.check_call([sys.executable, 'child.py'])
`,
    });
    assert.deepEqual(
      place.of('exec').map((line) => line.scrubbed),
      [true, true, true],
    );
    assert.equal(place.of('process').length, 1);
  });

  it('are workers of multiprocessing, by every way of starting them', () => {
    const place = run({
      'work.py': `
import os
def work(name):
    open(name, 'w').close()
    return os.getpid()
`,
      'train.py': `
import multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor
from work import work
if __name__ == '__main__':
    for method in ('fork', 'spawn', 'forkserver'):
        context = multiprocessing.get_context(method)
        with context.Pool(2) as pool:
            pool.map(work, ['%s-%d' % (method, n) for n in range(4)])
        process = context.Process(target=work, args=('single-' + method,))
        process.start(); process.join()
        with ProcessPoolExecutor(1, mp_context=context) as executor:
            executor.submit(work, 'executor-' + method).result()
`,
    });
    const methods = ['fork', 'spawn', 'forkserver'];
    assert.deepEqual(
      // The library tries whether it can write to the temporary folder.
      place
        .writes()
        .filter((name) => !name.includes('/'))
        .sort(),
      methods
        .flatMap((method) => [
          ...[0, 1, 2, 3].map((n) => `create ${method}-${n}`),
          `create single-${method}`,
          `create executor-${method}`,
        ])
        .sort(),
    );
    const forked = place.of('process').filter(({ via }) => via === 'fork');
    assert.ok(forked.length >= 4);
    assert.ok(place.of('exit').length >= 4, 'workers end in order');
  });

  it('each have a file of their own, that begins with who they are', () => {
    const place = run({
      'train.py': `
import os
for n in range(20):
    if os.fork() == 0:
        open('child-%d' % n, 'w').close()
        if os.fork() == 0:
            open('grandchild-%d' % n, 'w').close()
            os._exit(3)
        os.wait()
        os._exit(0)
for n in range(20):
    os.wait()
`,
    });
    assert.equal(place.files().length, 41);
    assert.equal(place.of('process').length, 41);
    assert.equal(place.of('exit').filter(({ code }) => code === 3).length, 20);
    for (const name of place.files()) {
      const [first] = place.read(`.runrecord/runs/run-1/observed/${name}`).split('\n');
      assert.match(first ?? '', /^\{"t":"process"/);
    }
    assert.equal(new Set(place.of('process').map(({ pid }) => pid)).size, 41);
  });

  it('say what was typed without its secrets', () => {
    const place = hooked({ 'train.py': 'import sys\nprint(sys.argv[1:])\n' });
    const secrets = ['--api-key', 'abcd1234efgh5678', 'db.password=hunter22', 'plain=1'];
    const ran = place.run([python.path, 'train.py', ...secrets], { HF_TOKEN: 'hf-secret-value-1' });
    assert.match(ran.stdout, /hunter22/);
    assert.deepEqual(place.of('process')[0]?.argv.slice(2), [
      '--api-key',
      '[redacted: key]',
      'db.password=[redacted: password]',
      'plain=1',
    ]);
    assert.deepEqual(
      place.of('redacted').map(({ where, rule }) => `${where} ${rule}`),
      ['command.argv[3] key', 'command.argv[4] password'],
    );
  });
});
