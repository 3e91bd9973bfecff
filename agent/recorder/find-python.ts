import { readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { isExecutable, readStart } from '../capture/environment/find-program.ts';
import { findPyenvRoot, followPyenvShim } from '../capture/environment/pyenv.ts';

/** The oldest minor version of Python 3 that the keeper runs on. */
const oldestMinor = 8;

/**
 * Interpreters that may run the keeper, best first, as real binaries; none is started to ask for
 * its version. Shims are shell scripts of 100 ms and more, so they are resolved by reading what
 * they would read. A name that tells a version that is too old leaves the interpreter out.
 *
 * @param environment where PATH and pyenv's variables are looked up
 * @param cwd where pyenv's `.python-version` is looked for
 */
export function* findPythons(environment: NodeJS.ProcessEnv, cwd: string): Generator<string> {
  if (process.platform === 'win32') return;
  const seen = new Set<string>();
  for (const candidate of candidates(environment, cwd)) {
    const binary = realBinary(candidate);
    if (binary === null || seen.has(binary) || isTooOld(binary)) continue;
    seen.add(binary);
    yield binary;
  }
}

function* candidates(environment: NodeJS.ProcessEnv, cwd: string): Generator<string> {
  yield* systemPythons();
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const names = folders.flatMap((folder) =>
    ['python3', 'python'].map((name) => join(folder, name)),
  );
  const usable = names.filter(
    (name) => process.platform !== 'darwin' || dirname(name) !== '/usr/bin',
  );
  yield* usable;
  for (const name of usable) yield* behindShim(name, environment, cwd);
}

/**
 * macOS's `/usr/bin/python3` opens an installer where the developer tools are missing, so what it
 * stands for is taken from the tools themselves.
 */
function systemPythons(): string[] {
  if (process.platform !== 'darwin') return ['/usr/bin/python3', '/usr/local/bin/python3'];
  return [
    '/opt/homebrew/bin/python3',
    '/usr/local/bin/python3',
    '/Library/Developer/CommandLineTools/usr/bin/python3',
    '/Applications/Xcode.app/Contents/Developer/usr/bin/python3',
  ];
}

/** The file behind links if it can be executed and is no script, else null. */
function realBinary(path: string): string | null {
  try {
    // A virtual environment's link is as good, but its folder may go away while the keeper lives.
    const real = realpathSync(path);
    return isExecutable(real) && !readStart(real, 2).startsWith('#!') ? real : null;
  } catch {
    return null;
  }
}

function isTooOld(path: string): boolean {
  const version = /python(\d+)(?:\.(\d+))?$/.exec(path);
  if (version?.[1] === undefined) return false;
  if (Number(version[1]) < 3) return true;
  return version[2] !== undefined && Number(version[2]) < oldestMinor;
}

/** What a shim of pyenv would start, then all that pyenv has, the newest first. */
function behindShim(shim: string, environment: NodeJS.ProcessEnv, cwd: string): string[] {
  const root = findPyenvRoot(shim, environment);
  if (root === null) return [];
  const chosen = followPyenvShim('python3', root, cwd, environment);
  const installed = listNewestFirst(join(root, 'versions')).map((name) =>
    join(root, 'versions', name, 'bin', 'python3'),
  );
  return chosen === null ? installed : [chosen, ...installed];
}

function listNewestFirst(folder: string): string[] {
  try {
    const order = new Intl.Collator('en', { numeric: true });
    return readdirSync(folder).sort((a, b) => order.compare(b, a));
  } catch {
    return [];
  }
}
