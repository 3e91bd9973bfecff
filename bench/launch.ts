import { execFileSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judgeLaunch, type Limits } from './launch-budgets.ts';
import { describeLaunch } from './launch-table.ts';
import { measure, type Subject } from './measure.ts';
import { prepareRepository } from './repository.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '9' },
    json: { type: 'boolean', default: false },
    files: { type: 'string', multiple: true },
  },
});

// The budgets of a launch: what recording adds to the whole command, in ms, by size of repository.
const sizes: { files: number; limits: Limits }[] = [
  { files: 100, limits: { wholeMs: 150, nodeStarts: 6, beforeMs: null } },
  { files: 50_000, limits: { wholeMs: 400, nodeStarts: null, beforeMs: 300 } },
];

const python = resolveInterpreter();
const clock = 'import time; print(time.time_ns())';
const asked = options.files?.map(Number);
const reports = [];
for (const { files, limits } of sizes) {
  if (asked !== undefined && !asked.includes(files)) continue;
  process.stderr.write(`Measuring with ${files.toLocaleString('en')} files ...\n`);
  const cwd = prepareRepository(join(root, '.cache', 'bench'), files);
  const samples = await measure(subjectsIn(cwd), Number(options.runs));
  reports.push(judgeLaunch(files, samples, limits));
}
if (options.json) console.log(JSON.stringify(reports, null, 2));
else console.log(describeLaunch(reports));

function subjectsIn(cwd: string): Subject[] {
  const recorder = ['run', '--'];
  const quick = ['-S', '-c', clock];
  const runrecord = join(root, 'dist', 'bin', 'runrecord');
  return [
    { name: 'node', command: process.execPath, args: ['-e', '0'], cwd },
    { name: 'git status', command: 'git', args: ['status', '--porcelain'], cwd },
    { name: 'quick', command: python, args: quick, cwd },
    { name: 'quick, recorded', command: runrecord, args: [...recorder, python, ...quick], cwd },
    { name: 'train', command: python, args: ['train.py'], cwd },
    {
      name: 'train, recorded',
      command: runrecord,
      args: [...recorder, python, 'train.py'],
      cwd,
    },
  ];
}

/** The interpreter itself: a version manager's shim would be measured with it. */
function resolveInterpreter(): string {
  const print = 'import os, sys; print(os.path.realpath(sys.executable))';
  return execFileSync('python3', ['-c', print], { encoding: 'utf8' }).trim();
}
