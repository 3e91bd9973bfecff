// Brings a fresh clone to a state in which everything runs: packages, Node 24 among them, and
// the bundles. Written for Node 20 and newer, with built-in modules only, as nothing is
// installed yet when it starts. Safe to run again: what is up to date is left alone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const windows = process.platform === 'win32';
const neededNode = 24;

/** The Node 24 that the packages bring; the one that is running when that is new enough. */
export function nodePath() {
  const platform = windows ? 'win' : process.platform;
  const package_ = `node-${platform}-${process.arch}`;
  const brought = join(root, 'node_modules', package_, 'bin', windows ? 'node.exe' : 'node');
  if (existsSync(brought)) return brought;
  if (Number(process.versions.node.split('.')[0]) >= neededNode) return process.execPath;
  fail(
    `Run Record needs Node ${neededNode}, and npm brought none for ${process.platform} ${process.arch}.`,
    `Install Node ${neededNode} or newer and run this command again.`,
  );
}

/** The command line as it was built, for the same Node. */
export function runrecordPath() {
  return join(root, 'dist', 'runrecord.cjs');
}

/** Installs and builds what is not up to date; ends the process with a message where it cannot. */
export function prepare() {
  installPackages();
  buildBundles();
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(what, action) {
  say(`${what}\n${action}`);
  process.exit(1);
}

function run(command, args, options, action) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    ...options,
  });
  if (error === undefined && status === 0) return;
  const why =
    error?.message ?? (signal === null ? `it ended with ${status}` : `ended by ${signal}`);
  fail(`\`${[command, ...args].join(' ')}\` failed: ${why}.`, action);
}

function installPackages() {
  const stampPath = join(root, 'node_modules', '.run-record-stamp');
  const wanted = digestOf(['package-lock.json', '.npmrc'], `${process.platform} ${process.arch}`);
  if (readStamp(stampPath) === wanted) return;
  say('Installing packages (some 20 s, once) ...');
  // What is needed is asked for by name: NODE_ENV=production or a user's `omit` would leave it out.
  run(
    'npm',
    ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error'],
    { shell: windows },
    'Check the network and the npm registry that is set (`npm config get registry`), then run this again.',
  );
  writeFileSync(stampPath, wanted);
}

function buildBundles() {
  const stampPath = join(root, 'dist', '.built');
  const sources = [
    ...['esbuild.mjs', 'package.json', 'package-lock.json'],
    ...filesBelow('agent'),
    ...filesBelow('extension'),
  ];
  // The door in dist/bin names this folder and this Node, so that a moved clone builds again.
  const wanted = digestOf(sources, `${root}\n${nodePath()}`);
  if (readStamp(stampPath) === wanted) return;
  say('Building ...');
  run(nodePath(), ['esbuild.mjs'], {}, 'The message above names the file to look at.');
  writeFileSync(stampPath, wanted);
}

/** Paths below a folder of the clone, relative to its root, sorted. */
function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => !path.includes('__pycache__') && statSync(join(root, path)).isFile())
    .sort();
}

/** One digest of names and contents: times say nothing after a checkout. */
function digestOf(paths, more) {
  const hash = createHash('sha256').update(more);
  for (const path of paths) {
    const content = existsSync(join(root, path)) ? readFileSync(join(root, path)) : '';
    hash.update(`\0${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepare();
