// What some tests want beside Node, git and Python: it is looked for, brought where that can be
// done without asking, and said where it cannot. A test uses what is there.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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
