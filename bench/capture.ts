import { execFileSync, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installDebian, isOnPath } from '../test/support/vscode/machine.ts';
import { compareLargeFile, compareSmallFiles, measureUnchanged } from './capture-hashing.ts';
import { compareHook } from './capture-hook.ts';
import { type Comparison, describeComparisons } from './capture-table.ts';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, '.cache', 'bench');

const parts = ['launch', 'hook', 'hashing', 'unchanged'];
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    /** One or more of the parts; all without it. */
    part: { type: 'string', multiple: true, default: parts },
    gigabytes: { type: 'string', default: '4' },
  },
});
const turns = Number(options.runs);
const asked = (part: string) => options.part.includes(part);

if (asked('launch')) launch();
const comparisons: Comparison[] = [];
if (asked('hook')) {
  say('Measuring what the recorder adds inside Python ...');
  comparisons.push(...(await compareHook(folder, resolveInterpreter(), turns, have('strace'))));
}
if (asked('hashing')) {
  say('Measuring one large file (made once) ...');
  comparisons.push(compareLargeFile(folder, Number(options.gigabytes), Math.min(turns, 3)));
  say('Measuring 50,000 small files (made once) ...');
  comparisons.push(await compareSmallFiles(folder, 50_000, turns, have('b3sum')));
}
if (asked('unchanged')) {
  say('Measuring unchanged files (made once) ...');
  comparisons.push(await measureUnchanged(folder, 50_000, turns, 1_500));
  comparisons.push(await measureUnchanged(folder, 100_000, turns, 3_000));
}
if (options.json) console.log(JSON.stringify(comparisons, null, 2));
else console.log(describeComparisons(comparisons));

/** What a whole recorded run costs has a bench of its own, with its budgets. */
function launch(): void {
  const words = ['--disable-warning=ExperimentalWarning', join(root, 'bench/launch.ts')];
  const { status } = spawnSync(process.execPath, [...words, `--runs=${turns}`], {
    // JSON is of the comparisons alone.
    stdio: ['ignore', options.json ? 2 : 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(1);
  if (!options.json) console.log('');
}

/** Whether a peer is there, by Debian's package of its name where it is not. */
function have(name: string): boolean {
  if (!isOnPath(name)) installDebian([name]);
  if (isOnPath(name)) return true;
  say(`${name} is not on this machine: it is left out.`);
  return false;
}

/** The interpreter itself: a version manager's shim would be measured with it. */
function resolveInterpreter(): string {
  const print = 'import os, sys; print(os.path.realpath(sys.executable))';
  return execFileSync('python3', ['-c', print], { encoding: 'utf8' }).trim();
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
