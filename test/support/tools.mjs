// What some tests want beside Node, git and Python: it is looked for, brought where that can be
// done without asking, and said where it cannot. A test uses what is there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodePath, root } from './prepare.mjs';

const pyyaml = 'pyyaml==6.0.3';

/** Looks for all of `wants`; answers the environment variables that tell the tests. */
export function provide(wants, env) {
  const found = {};
  const packages = ['sqlite3', 'strace'].filter((name) => wants.has(name) && !isOnPath(name));
  if (packages.length > 0) aptInstall(packages);
  for (const name of packages) if (!isOnPath(name)) say(`${name} is not on this machine.`);
  if (wants.has('pyyaml')) {
    const python = findPyYaml(env);
    if (python !== null) found.RUNRECORD_TEST_PYTHON = python;
    else say('No PyYAML can be had: YAML is compared with the results that are committed.');
  }
  if (wants.has('window')) {
    const browser = findWindow();
    if (browser !== null) found.RUNRECORD_TEST_BROWSER = browser;
  }
  if (wants.has('interop')) {
    const python = findInterop(env);
    if (python !== null) found.RUNRECORD_TEST_INTEROP = python;
  }
  if (wants.has('package')) {
    const made = spawnSync(
      nodePath(),
      [join(root, 'test/support/vscode/make-package.mjs'), env.TMPDIR],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
    );
    if (made.status === 0) found.RUNRECORD_TEST_PACKAGE = made.stdout;
  }
  return found;
}

/** A real VS Code with a browser to show it; without it the tiers fail, and say what is missing. */
function findWindow() {
  const { status, stdout } = spawnSync(
    nodePath(),
    ['--disable-warning=ExperimentalWarning', join(root, 'test/support/vscode/install.ts')],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return status === 0 ? JSON.parse(stdout).browser : null;
}

/** A Python that imports yaml in the isolated environment, or null. */
function findPyYaml(env) {
  const venv = join(root, '.cache', 'python');
  const venvPython = join(venv, 'bin', 'python3');
  const there =
    importer('python3', env) ?? importer('/usr/bin/python3', env) ?? importer(venvPython, env);
  if (there !== null) return there;

  say('Bringing PyYAML for the comparison with what Python reads (once) ...');
  const made =
    succeeds('python3', ['-m', 'venv', '--clear', venv]) &&
    succeeds(venvPython, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      pyyaml,
    ]);
  if (made) return importer(venvPython, env);
  // Debian's python3 comes without what `venv` needs.
  aptInstall(['python3-yaml']);
  return importer('/usr/bin/python3', env);
}

/**
 * The interpreter of an environment with what the programs of test/interop import, or null where it
 * cannot be made; made once for a list of packages, some minutes and 2 GB.
 */
function findInterop(env) {
  const list = join(root, 'test/interop/requirements.txt');
  const venv = join(root, '.cache', 'interop');
  const stamp = join(venv, 'complete');
  const venvPython = join(venv, 'bin', 'python');
  const base = interopBase(env);
  if (base === null) return skipInterop('it needs Python 3.11, 3.12 or 3.13');
  const wanted = createHash('sha256')
    .update(readFileSync(list))
    .update(`${base}\n${root}`)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return venvPython;

  say('Making the environment of the interop tier (2 to 4 minutes, 2 GB, once) ...');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  // The largest comes first, by itself: what follows is content with it.
  const lines = readFileSync(list, 'utf8').split('\n');
  const torch = lines.find((line) => line.startsWith('torch=='));
  const steps = [
    ['PyTorch', [...install, torch]],
    ['the other packages', [...install, '--requirement', list]],
  ];
  // Where it is a link, what that leads to is somebody else's.
  rmSync(venv, { recursive: true, force: true });
  if (!succeeds(base, ['-m', 'venv', venv])) return skipInterop(`${base} -m venv does not work`);
  for (const [what, args] of steps) {
    const startedAt = performance.now();
    const { status, stderr } = spawnSync(venvPython, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    if (status !== 0) {
      const errors = stderr.split('\n').filter((line) => line.startsWith('ERROR'));
      return skipInterop(
        `pip could not install ${what}: ${errors.at(-1) ?? `it ended with ${status}`}`,
      );
    }
    say(`  ${what}: ${seconds} s`);
  }
  writeFileSync(stamp, wanted);
  return venvPython;
}

/** The first interpreter for which the packages are pinned, behind whatever shim it is called by. */
function interopBase(env) {
  const print = 'import sys; print(sys.executable) if (3, 11) <= sys.version_info < (3, 14) else 0';
  for (const name of ['python3.11', 'python3', '/usr/bin/python3', 'python3.12', 'python3.13']) {
    const { status, stdout } = spawnSync(name, ['-c', print], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (status === 0 && existsSync(stdout.trim())) return stdout.trim();
  }
  return null;
}

function skipInterop(why) {
  say(`SKIPPED: the interop tier has no environment: ${why}.`);
  return null;
}

/** The interpreter itself, behind whatever shim `python` is, if it can import yaml. */
function importer(python, env) {
  const { status, stdout } = spawnSync(python, ['-c', 'import sys, yaml; print(sys.executable)'], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 && existsSync(stdout.trim()) ? stdout.trim() : null;
}

function aptInstall(packages) {
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return;
  say(`Installing ${packages.join(' and ')} with apt-get (once) ...`);
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  if (succeeds('apt-get', install)) return;
  if (succeeds('apt-get', ['update', '-qq']) && succeeds('apt-get', install)) return;
  say(`apt-get could not install ${packages.join(' and ')}.`);
}

function isOnPath(name) {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, name)));
}

function succeeds(command, args) {
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  return spawnSync(command, args, options).status === 0;
}

function say(text) {
  console.log(text);
}
