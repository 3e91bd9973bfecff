// `npm run demo`: records two real training runs in a project of their own and shows what the
// records hold. It starts from nothing each time and touches only .demo/.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { nodePath, prepare, root } from '../test/support/prepare.mjs';

const demo = join(root, '.demo');
const leftBehind = new Set(['out', '__pycache__', '.runrecord']);
const runrecord = join(root, 'dist', 'bin', 'runrecord');

prepare();
makeProject();

say(`Recording a training run: python3 train.py, with the config, data and outputs that runrecord.yaml
names. It is started as if by hand.`);
record('a first look at the learning rate');

say('Changing the learning rate in config.json and one line of train.py, without committing.');
edit('config.json', '"lr": 0.6', '"lr": 0.2');
edit('train.py', 'WEIGHT_DECAY = 0.0', 'WEIGHT_DECAY = 0.001');
record('is a smaller rate steadier?');

const runs = JSON.parse(ask('list', '--json') || '[]');
if (runs.length !== 2) stop(`two records were expected, and there are ${runs.length}.`);
const [second, first] = runs.map(({ id }) => id.slice(-8));

say('The history:');
show('list');
say('What differs between the two:');
show('diff', first, second);
say('What the second record holds:');
show('show', second);
say('What both runs wrote and left there, with the beginning of each digest:');
show(
  'query',
  "SELECT substr(run_id, -8) AS run, path, size_bytes, substr(digest, 1, 23) AS digest FROM artifacts WHERE state = 'present' ORDER BY run_id, path",
);
say('Every line, object, artifact and snapshot of both records, checked:');
show('verify', '--all');

const whole = runs.filter(({ status, complete }) => status === 'succeeded' && complete);
if (whole.length !== 2) stop('a record is not complete; the list above says which.');
const next = [
  [`log ${second}`, 'what the program printed'],
  [`show ${first} --json`, 'the whole record'],
  ['list --columns name,config.lr,val_acc,id', 'other columns, of any key'],
  ['query "SELECT * FROM config"', 'any question, in SQL'],
  [`note ${second} "steadier, as hoped"`, 'a word for later'],
  ['check digits', 'what a launch would warn about now'],
  ['run digits -- seed=1', 'the same with one more argument'],
];
say(`Both records verify. They are in ${relative(process.cwd(), demo) || '.'}. To look further:

  export PATH="${join(root, 'dist', 'bin')}:$PATH"
  cd ${demo}
${next.map(([words, about]) => `  runrecord ${words.padEnd(43)} ${about}`).join('\n')}

Then change a byte of out/best.json and run \`runrecord verify --all\` again.
docs/guide.md goes on from here.`);

/** A fresh copy of the example, committed once under an identity of its own. */
function makeProject() {
  say(`Copying examples/digits to ${relative(process.cwd(), demo) || demo} ...`);
  rmSync(demo, { recursive: true, force: true });
  cpSync(join(root, 'examples', 'digits'), demo, {
    recursive: true,
    filter: (source) => !leftBehind.has(basename(source)),
  });
  git('-c', 'init.defaultBranch=main', 'init', '--quiet');
  git('config', 'user.name', 'Run Record demo');
  git('config', 'user.email', 'demo@example.org');
  git('config', 'commit.gpgsign', 'false');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'A classifier of handwritten digits');
}

function record(reason) {
  show('run', 'digits', '--reason', reason);
}

/** Replaces text that must be there once. */
function edit(name, before, after) {
  const path = join(demo, name);
  const text = readFileSync(path, 'utf8');
  if (text.split(before).length !== 2) stop(`${name} does not hold \`${before}\` once.`);
  writeFileSync(path, text.replace(before, after));
  console.log(`  ${name}: ${before}  ->  ${after}`);
}

/** Runs a verb in the project before the reader's eyes; the demo ends where it fails. */
function show(...args) {
  console.log(`\n$ runrecord ${args.map(quote).join(' ')}`);
  const { status, signal, error } = spawnVerb(args, 'inherit');
  if (status !== 0) stop(`runrecord ${args[0]} ended with ${error?.message ?? signal ?? status}.`);
}

function ask(...args) {
  const { status, stdout } = spawnVerb(args, ['ignore', 'pipe', 'inherit']);
  if (status !== 0) stop(`runrecord ${args[0]} ended with ${status}.`);
  return stdout;
}

function spawnVerb(args, stdio) {
  const options = { cwd: demo, env: environment(), stdio, encoding: 'utf8' };
  return process.platform === 'win32'
    ? spawnSync(nodePath(), [join(root, 'dist', 'runrecord.cjs'), ...args], options)
    : spawnSync(runrecord, args, options);
}

/** The user's own settings of git (signing, hooks, templates) stay out of the demo's commit. */
function git(...args) {
  const env = { ...environment(), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const { status, error } = spawnSync('git', args, { cwd: demo, env, stdio: ['ignore', 2, 2] });
  if (status !== 0) stop(`git ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.`);
}

/** Without what would point git, or the recorder, somewhere else. */
function environment() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(GIT_|RUNRECORD_)/.test(name));
  return Object.fromEntries(kept);
}

function quote(arg) {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `"${arg}"`;
}

function say(text) {
  console.log(`\n${text}`);
}

function stop(why) {
  console.error(`\nThe demo stops here: ${why}`);
  process.exit(1);
}
