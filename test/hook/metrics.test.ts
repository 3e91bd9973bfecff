import assert from 'node:assert/strict';
import { withEachPython } from './support/each-python.ts';
import type { Hooked } from './support/hooked.ts';

/** As small as a logger can be: what the real ones write is in the tier `interop`. */
const writer = `
class SummaryWriter:
    def __init__(self):
        self.written = []
    def add_scalar(self, tag, scalar_value, global_step=None, walltime=None):
        if scalar_value == 'odd':
            raise TypeError(scalar_value)
        self.written.append((tag, scalar_value, global_step))
        return 'returned'
    def add_scalars(self, main_tag, tag_scalar_dict, global_step=None, walltime=None):
        for tag, value in tag_scalar_dict.items():
            self.add_scalar(main_tag + '_' + tag, value, global_step)
`;

withEachPython('Metrics that a program logs', ({ python, hooked }) => {
  const run = (program: string): [Hooked, string] => {
    const files = {
      'site-packages/tensorboardX/__init__.py': 'from .writer import SummaryWriter\n',
      'site-packages/tensorboardX/writer.py': writer,
      'train.py': `import sys\nsys.path.insert(0, 'site-packages')\nfrom tensorboardX import SummaryWriter\nwriter = SummaryWriter()\n${program}`,
    };
    const place = hooked(files);
    const command = [python.path, 'train.py'];
    const plain = place.runPlain(command, { PYTHONDONTWRITEBYTECODE: '1' });
    assert.deepEqual(place.run(command, { PYTHONDONTWRITEBYTECODE: '1' }), plain);
    return [place, plain.stdout];
  };
  const points = (place: Hooked) =>
    place
      .of('metrics')
      .flatMap((line) => line.points)
      .map(([name, value, step]) => [name, value, step]);

  it('are told as it logs them, with what JSON cannot hold', () => {
    const [place, stdout] = run(`
print(writer.add_scalar('loss', 0.5, 1), writer.add_scalar('loss', float('nan'), global_step=2))
writer.add_scalar('big', 2 ** 60)
writer.add_scalar('flag', True, 3)
writer.add_scalar('text', 'none')
print(writer.written)
`);
    assert.match(stdout, /^returned returned/);
    assert.deepEqual(points(place), [
      ['loss', 0.5, 1],
      ['loss', 'NaN', 2],
      ['big', '1152921504606846976', null],
      ['flag', 1, 3],
    ]);
  });

  it('are told once where one call is made of others', () => {
    const [place] = run(`writer.add_scalars('loss', {'train': 1.0, 'val': 2.0}, 4)\n`);
    assert.deepEqual(points(place), [
      ['loss/train', 1, 4],
      ['loss/val', 2, 4],
    ]);
  });

  it('leave what fails as it is', () => {
    const [place, stdout] = run(`
import traceback
try:
    writer.add_scalar('x', 'odd')
except TypeError as error:
    print(sys.version_info < (3, 11) or len(traceback.extract_tb(error.__traceback__)))
`);
    assert.match(stdout, /^(?:True|2)$/m);
    assert.deepEqual(points(place), []);
  });

  it('are all told, and once, by threads, forks and a program that ends at once', () => {
    const [place] = run(`
import os, threading, time
def log(name):
    for step in range(300):
        writer.add_scalar(name, step, step)
threads = [threading.Thread(target=log, args=('thread%d' % i,)) for i in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
time.sleep(0.2)
log('burst')
child = os.fork()
if child == 0:
    log('child')
    os._exit(0)
os.waitpid(child, 0)
log('last')
os._exit(0)
`);
    const counts = new Map<string, number>();
    for (const [name] of points(place))
      counts.set(String(name), (counts.get(String(name)) ?? 0) + 1);
    assert.deepEqual([...counts].sort(), [
      ['burst', 300],
      ['child', 300],
      ['last', 300],
      ['thread0', 300],
      ['thread1', 300],
      ['thread2', 300],
    ]);
  });
});
