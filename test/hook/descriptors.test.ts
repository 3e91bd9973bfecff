import assert from 'node:assert/strict';
import { withEachPython } from './support/each-python.ts';

withEachPython('What is written of a program', ({ python, hooked }) => {
  const run = (program: string, command: string[] = [python.path, 'train.py']) => {
    const place = hooked({ 'train.py': program });
    const ran = place.run(command);
    return { place, ran };
  };

  it('never lands in a file of the program that has got our number', () => {
    const { place, ran } = run(`
import os
def steal():
    os.closerange(3, 4096)
    # Every number up to ours and beyond is the program's own now.
    os.mkdir('stolen') if not os.path.isdir('stolen') else None
    fds = [os.open('stolen/%d' % n, os.O_WRONLY | os.O_CREAT) for n in range(260)]
    open('after', 'w').close()
    for fd in fds:
        os.close(fd)
open('before', 'w').close()
steal()
for n in range(300, 0, -1):
    try:
        os.dup2(os.open('over', os.O_WRONLY | os.O_CREAT), n) if n > 2 else None
    except OSError:
        pass
open('last', 'w').close()
print(sum(os.path.getsize('stolen/%d' % n) for n in range(260)), os.path.getsize('over'))
`);
    assert.equal(ran.stderr, '');
    assert.equal(ran.stdout, '0 0\n');
    for (const name of ['before', 'stolen/259', 'after', 'over', 'last']) {
      assert.ok(place.writes().includes(`create ${name}`), name);
    }
  });

  it('goes on in a daemon', async () => {
    const { place } = run(`
import os
if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
os.chdir('/')
os.umask(0)
folder = os.environ['RUNRECORD_DIR'].rpartition('/.runrecord/')[0]
for fd in range(1024):
    try:
        os.close(fd)
    except OSError:
        pass
os.open('/dev/null', os.O_RDWR); os.dup2(0, 1); os.dup2(0, 2)
open(folder + '/by-daemon', 'w').close()
os.rename(folder + '/by-daemon', folder + '/done')
`);
    while (place.of('rename').length === 0) await new Promise((next) => setTimeout(next, 20));
    assert.deepEqual(place.writes(), ['create by-daemon']);
  });

  it('is given up in silence where nothing can be written', () => {
    for (const trouble of [
      'import shutil; shutil.rmtree(os.environ["RUNRECORD_DIR"])',
      'resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))',
      'signal.signal(signal.SIGXFSZ, signal.SIG_DFL); resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))',
      'resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10))',
      'resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4)); os.closerange(3, 4096)',
      'os.closerange(3, 4096); import shutil; shutil.rmtree(os.environ["RUNRECORD_DIR"])',
    ]) {
      const { ran } = run(`
import os, resource, signal
${trouble}
for n in range(50):
    with open('file-%d' % n, 'w') as file:
        file.write('x')
if os.fork() == 0:
    with open('by-child', 'w') as file:
        file.write('x')
    os._exit(0)
print(os.waitstatus_to_exitcode(os.wait()[1]) if hasattr(os, 'waitstatus_to_exitcode') else os.wait()[1])
`);
      assert.deepEqual(ran, { code: 0, signal: null, stdout: '0\n', stderr: '' }, trouble);
    }
  });

  it('comes from a process with few descriptors too', () => {
    const { place, ran } = run(
      'import os\nfor n in range(3):\n    open("few-%d" % n, "w").close()\nprint(os.dup(0))\n',
      ['sh', '-c', `ulimit -n 64; exec ${python.path} train.py`],
    );
    assert.deepEqual(ran, { code: 0, signal: null, stdout: '3\n', stderr: '' });
    assert.equal(place.writes().length, 3);
  });

  it('is whole up to the moment of a kill', () => {
    const { place, ran } = run(`
import os, signal
for n in range(100):
    open('file-%d' % n, 'w').close()
os.kill(os.getpid(), signal.SIGKILL)
`);
    assert.equal(ran.signal, 'SIGKILL');
    assert.equal(place.writes().length, 100);
    assert.equal(place.of('exit').length, 0);
  });

  it('comes from many threads, line by line', () => {
    const { place, ran } = run(`
import threading
def work(t):
    for n in range(200):
        with open('t-%d-%d' % (t, n), 'w') as file:
            file.write('x')
threads = [threading.Thread(target=work, args=(t,)) for t in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
`);
    assert.deepEqual(ran, { code: 0, signal: null, stdout: '', stderr: '' });
    assert.equal(new Set(place.writes()).size, 1600);
    assert.equal(place.writes().length, 1600);
  });

  it('is not inherited by what the program starts', () => {
    const program = `
import subprocess
open('x', 'w').close()
subprocess.check_call(['ls', '/proc/self/fd'], close_fds=False)
`;
    const { place, ran } = run(program);
    assert.deepEqual(ran, place.runPlain([python.path, 'train.py']));
  });
});
