import assert from 'node:assert/strict';
import { withEachPython } from './support/each-python.ts';

withEachPython('Seeds and settings', ({ python, hooked }) => {
  it('are told as the program sets them, each once', () => {
    const place = hooked({
      'train.py': `
import random
for _ in range(3):
    random.seed(42)
print(random.random())
for seed in range(100):
    random.seed(seed)
random.seed()
`,
    });
    const { stdout } = place.run([python.path, 'train.py'], { PYTHONHASHSEED: '7' });
    assert.match(stdout, /^0\.6394267984578837/);
    const seeds = place.of('seed');
    assert.deepEqual(seeds[0], { ...seeds[0], library: 'PYTHONHASHSEED', value: 7 });
    assert.deepEqual(seeds[1], { ...seeds[1], library: 'random', value: 42 });
    assert.ok(seeds.length < 20);
  });

  it('that a library sets for itself are its own', () => {
    const place = hooked({
      'lib/site-packages/shuffling.py': 'import random\ndef shuffle():\n    random.seed(99)\n',
      'train.py': `
import sys
sys.path.insert(0, 'lib/site-packages')
import shuffling
shuffling.shuffle()
`,
    });
    assert.equal(place.run([python.path, 'train.py']).code, 0);
    assert.deepEqual(place.of('seed'), []);
  });

  it('of threads, set by the program in its environment, are told', () => {
    const place = hooked({
      'train.py': "import os\nos.environ['OMP_NUM_THREADS'] = '3'\nos.environ['MINE'] = 'x'\n",
    });
    place.run([python.path, 'train.py'], { OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '2' });
    const settings = place.of('setting').map(({ name, value }) => [name, value]);
    assert.deepEqual(settings, [['OMP_NUM_THREADS', '3']]);
  });
});
