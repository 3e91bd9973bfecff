import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProgramEvent } from '../../agent/core/program-events.ts';
import { pythonSite } from '../../agent/recorder/observed/observed-folder.ts';
import { withEachPython } from './support/each-python.ts';

const program = `
import argparse, dataclasses, os, runrecord

@dataclasses.dataclass
class Config:
    depth: int = 3

class Odd:
    def __float__(self):
        raise ValueError
    __str__ = __float__

runrecord.log({'loss': 0.5, 'val': {'acc': float('nan')}}, step=3, epoch=1)
runrecord.log('speed', 2, unit='m/s')
runrecord.log('odd', Odd())
runrecord.log(None)
runrecord.config(Config())
runrecord.config(argparse.Namespace(big=2 ** 60, names={'b', 'a'}, odd=Odd))
runrecord.config(3)
print(runrecord.use('table.csv', name='train'), runrecord.use('s3://lab/x', version='3'))
print(runrecord.output('model.bin', role='checkpoint'))
runrecord.seed('lib', 4)
runrecord.note('h\\u00e9llo')
runrecord.custom('lab.hours', 1.5, unit='h')
os.closerange(3, 256)
runrecord.note('after all was closed')
`;

withEachPython('The module runrecord', ({ python, hooked }) => {
  it('is there without being installed, and says what it is told to', () => {
    const place = hooked({ 'train.py': program });
    const { code, stdout, stderr } = place.run([python.path, 'train.py']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(stdout, 'table.csv s3://lab/x\nmodel.bin\n');
    const text = readFileSync(join(place.runFolder, 'events.jsonl'), 'utf8');
    const lines = text.split('\n').slice(0, -1);
    for (const line of lines) assert.notEqual(parseProgramEvent(line), null, line);
    const said = lines.map((line) => {
      const { at, ...event } = JSON.parse(line) as Record<string, unknown>;
      assert.match(String(at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      return event;
    });
    assert.deepEqual(said, [
      { type: 'metric', name: 'loss', value: 0.5, step: 3, epoch: 1 },
      { type: 'metric', name: 'val/acc', value: 'NaN', step: 3, epoch: 1 },
      { type: 'metric', name: 'speed', value: 2, unit: 'm/s' },
      { type: 'config', values: { depth: 3 } },
      {
        type: 'config',
        values: { big: '1152921504606846976', names: ['a', 'b'], odd: '__main__.Odd' },
      },
      { type: 'input', path: place.path('table.csv'), name: 'train' },
      { type: 'input', uri: 's3://lab/x', version: '3' },
      { type: 'output', path: place.path('model.bin'), role: 'checkpoint' },
      { type: 'seed', library: 'lib', value: 4 },
      { type: 'note', text: 'héllo' },
      { type: 'custom', key: 'lab.hours', value: 1.5, unit: 'h' },
      { type: 'note', text: 'after all was closed' },
    ]);
    assert.deepEqual(
      place.of('module').filter(({ name }) => name === 'runrecord'),
      [],
    );
  });

  it('does nothing outside of a recorded run', () => {
    const place = hooked({ 'train.py': program });
    const folder = join(pythonSite(), '../../module');
    const { code, stdout, stderr } = place.runPlain([python.path, 'train.py'], {
      PYTHONPATH: folder,
      PYTHONDONTWRITEBYTECODE: '1',
    });
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(stdout, 'table.csv s3://lab/x\nmodel.bin\n');
  });

  it('gives way to one of the same name that the user has', () => {
    const place = hooked({ 'runrecord.py': 'print("mine")\n', 'train.py': 'import runrecord\n' });
    assert.equal(place.run([python.path, 'train.py']).stdout, 'mine\n');
  });

  it('is not there for a program that is not recorded', () => {
    const place = hooked({ 'train.py': 'import runrecord\n' });
    assert.match(place.runPlain([python.path, 'train.py']).stderr, /No module named 'runrecord'/);
  });
});
