import assert from 'node:assert/strict';
import { Workspace } from '../support/workspace.ts';

const train = `
import csv, json, os
os.makedirs('out', exist_ok=True)
for epoch in range(3):
    first = not os.path.exists('out/log.csv')
    with open('out/log.csv', 'a', newline='') as file:
        writer = csv.writer(file)
        if first:
            writer.writerow(['epoch', 'loss', 'note'])
        writer.writerow([epoch, 1 / (epoch + 1), 'x'])
    with open('out/val.jsonl', 'a') as file:
        file.write(json.dumps({'step': epoch * 10, 'val': {'acc': epoch / 2}}) + '\\n')
with open('out/table.csv', 'w') as file:
    file.write('x,y\\n1,2\\n')
`;

const logger = `
import runrecord, os
os.makedirs('out', exist_ok=True)
with open('out/log.csv', 'w') as file:
    file.write('step,loss,lr\\n')
    for step in range(2):
        runrecord.log({'loss': 1.23456 + step}, step=step)
        file.write('%d,%.2f,0.1\\n' % (step, 1.23456 + step))
`;

describe('A table that a program writes for itself', () => {
  let workspace: Workspace;
  afterEach(() => workspace.dispose());

  const metrics = async () => {
    const { record } = await workspace.record(['--', 'python3', 'train.py']);
    return record.metrics.map(({ name, count, last, step, source }) => [
      name,
      count,
      last,
      step,
      source,
    ]);
  };

  it('holds metrics; rows of an earlier run are that one’s', async () => {
    workspace = new Workspace({ 'train.py': train });
    const expected = [
      ['loss', 3, 1 / 3, null, 'csv'],
      ['val/acc', 3, 1, 20, 'jsonl'],
    ];
    assert.deepEqual(await metrics(), expected);
    assert.deepEqual(await metrics(), expected);
  });

  it('does not say again what the program said itself', async () => {
    workspace = new Workspace({ 'train.py': logger });
    assert.deepEqual(await metrics(), [
      ['loss', 2, 2.23456, 1, 'events'],
      ['lr', 2, 0.1, 1, 'csv'],
    ]);
  });
});
