import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { RunRecord } from '../../agent/protocol/record.ts';
import type { RecordedProgram } from './program.ts';
import { python } from './run-program.ts';

/** The packages that were imported, by the program's own look into `sys.modules`. */
export function holdsPackages({ record, workspace }: RecordedProgram): void {
  const used = JSON.parse(workspace.read('out/packages.json')) as string[];
  const packages = record.environment?.packages ?? [];
  const told = packages.filter(({ imported }) => imported === true).map(({ name }) => plain(name));
  assert.deepEqual([...new Set(told)].sort(), [...new Set(used.map(plain))].sort());
}

/** What MLflow, TensorBoard and a file of its own hold is what the record says, to the number. */
export function holdsTracked({ record, workspace }: RecordedProgram): void {
  const printed = execFileSync(python ?? '', ['-B', 'read_back.py'], {
    cwd: workspace.root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const held = Object.entries(JSON.parse(printed) as Record<string, [number, number]>);
  for (const [name, [last, count]] of held) {
    const metric = record.metrics.find((each) => each.name === name);
    assert.equal(metric?.count, count, `${name}: ${JSON.stringify(metric)}`);
    // TensorBoard keeps single precision.
    assert.ok(
      Math.abs(Number(metric?.last) - last) < 1e-6,
      `${name}: ${metric?.last}, not ${last}`,
    );
  }
}

/** The file that LightningCLI itself writes of its configuration, and the rows of its CSV logger. */
export function holdsLightning({ record, workspace }: RecordedProgram): void {
  const held = parse(workspace.read('out/csv/version_0/config.yaml')) as Record<string, unknown>;
  assert.deepEqual(record.config.resolved, held);
  assert.equal(record.config.origins['model.lr']?.kind, 'override');
  assert.equal(record.config.origins['model.hidden']?.kind, 'file');
  assert.equal(record.config.origins['data.batch_size']?.kind, 'default');
  const [head = '', ...rows] = workspace.read('out/csv/version_0/metrics.csv').trim().split('\n');
  for (const name of ['train_loss', 'val_loss']) {
    const column = head.trim().split(',').indexOf(name);
    const values = rows
      .map((row) => row.trim().split(',')[column] ?? '')
      .filter((text) => text !== '');
    const metric = record.metrics.find((each) => each.name === name);
    assert.ok(
      Math.abs(Number(metric?.last) - Number(values.at(-1))) < 1e-6,
      `${name}: ${metric?.last}, not ${values.at(-1)}`,
    );
  }
}

export function holdsHydra({ record, workspace }: RecordedProgram): void {
  holdsHydraJob(record, workspace.root, 'outputs');
  assert.equal(record.config.origins['model.width']?.kind, 'file');
}

/** Each job is a record of its own, below the one of the whole. */
export function holdsMultirun({ record, jobs, workspace }: RecordedProgram): void {
  assert.equal(jobs.length, 4);
  const seen = jobs.map((job) => {
    assert.equal(job.parent, record.id);
    return holdsHydraJob(job, workspace.root, 'multirun');
  });
  assert.equal(new Set(seen).size, 4, 'each its own folder');
}

function holdsHydraJob(record: RunRecord, root: string, top: string): string {
  const files = record.artifacts.map(({ path }) => path).filter((path) => path.startsWith(top));
  const path = files.find((file) => file.endsWith('/held.json')) ?? '';
  assert.notEqual(path, '', files.join(' '));
  const held = JSON.parse(execFileSync('cat', [path], { cwd: root, encoding: 'utf8' }));
  const { never, ...resolved } = record.config.resolved ?? {};
  assert.deepEqual(resolved, held);
  assert.ok(never === undefined || never === '???', String(never));
  assert.equal(record.config.origins.run_at?.kind, 'generated');
  assert.equal(record.config.origins.lr?.kind, 'override');
  assert.deepEqual(
    record.config.unresolved.map(({ key, reason }) => [key, reason]),
    [['never', 'missing-value']],
  );
  assert.ok(readdirSync(join(root, path, '..')).includes('.hydra'));
  return path;
}

export function holdsTrainer({ record, workspace }: RecordedProgram): void {
  const resolved = record.config.resolved ?? {};
  const given = JSON.parse(workspace.read('data/args.json')) as Record<string, unknown>;
  for (const [key, value] of Object.entries(given)) {
    if (key === 'report_to') continue;
    assert.deepEqual(resolved[key], value, key);
    assert.equal(record.config.origins[key]?.kind, 'file', key);
  }
  assert.equal(resolved.layers, 1);
  assert.equal(record.config.origins.layers?.kind, 'default');
  const state = JSON.parse(workspace.read('out/trainer_state.json')) as {
    log_history: { loss?: number }[];
  };
  const losses = state.log_history.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
  const metric = record.metrics.find(({ name }) => name === 'loss' || name === 'train/loss');
  assert.equal(metric?.last, losses.at(-1), JSON.stringify(record.metrics));
  assert.equal(metric?.count, losses.length);
}

/** Names of packages are compared without their case and signs. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}
