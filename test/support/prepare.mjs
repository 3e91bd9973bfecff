// Brings a fresh clone to a state in which everything runs: packages, Node 24 among them, and
// the bundles. Written for Node 20 and newer, with built-in modules only, as nothing is
// installed yet when it starts. Safe to run again: what is up to date is left alone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const stampPath = join(root, 'node_modules', '.run-record-stamp');

/** The Node 24 that the packages bring; the one that is running when that is new enough. */
export function nodePath() {
  const windows = process.platform === 'win32';
  const platform = windows ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const brought = join(root, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node');
  if (existsSync(brought)) return brought;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(
    `Run Record needs Node 24, and npm brought none for ${process.platform} ${process.arch}. ` +
      'Install Node 24 and run this command again.',
  );
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (error !== undefined || status !== 0) {
    say(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ` with code ${status}`}.`);
    process.exit(1);
  }
}

function installPackages() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).update(process.platform + process.arch).digest('hex');
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === wanted) return;
  say('Installing packages (about 20 s, once) ...');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stampPath, wanted);
}

/** Newest modification time, in ms, of the files below `folder`. */
function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) latest = Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return latest;
}

function buildBundles() {
  const built = join(root, 'dist', '.built');
  const sources = Math.max(
    newest(join(root, 'agent')),
    ...['esbuild.mjs', 'package.json', 'package-lock.json'].map((f) => statSync(join(root, f)).mtimeMs),
  );
  if (existsSync(built) && statSync(built).mtimeMs > sources) return;
  say('Building ...');
  run(nodePath(), ['esbuild.mjs']);
  writeFileSync(built, '');
}

export function prepare() {
  installPackages();
  buildBundles();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepare();
