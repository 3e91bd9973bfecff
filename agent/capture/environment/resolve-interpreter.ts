import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { realPath } from '../workspace-path.ts';
import { findProgram, isFile, readStart, type Variables } from './find-program.ts';
import { type Unsure, unwrap } from './launch-wrappers.ts';
import { scriptOfModule } from './module-runners.ts';
import { findPyenvRoot, followPyenvShim } from './pyenv.ts';
import { readPythonCall } from './python-command.ts';
import { readShebang } from './read-shebang.ts';

/** What will run a command's program. */
export interface Interpreter {
  /** `native`: the command is a program of its own, nothing interprets it. */
  kind: 'python' | 'other' | 'native';
  /** `python`, `Rscript`, `bash` ... */
  name: string;
  /** The executable as it is started; behind a shim, what the shim starts. */
  path: string;
  realPath: string;
  /** As far as it is known without starting it. */
  version: string | null;
  /** Folder of the virtual or conda environment. */
  venv: string | null;
  /** The script that is run, absolute; null for `-m`, `-c`, or where there is none. */
  script: string | null;
  module: string | null;
  /** The arguments of the program itself. */
  arguments: string[];
  /** Python's options that change where modules come from. */
  isolation: string[];
  /** Environment and folder behind `env` and the like. */
  env: Variables;
  cwd: string;
  /** Why what it will import is not known, or not all of it, before it has started. */
  unsure: Unsure | null;
  /** What is installed will be made what the project's lock file says before it starts. */
  syncs: boolean;
}

export interface Command {
  argv: string[];
  cwd: string;
  env: Variables;
}

const pythonName = /^(?:python|pypy|pythonw)(?:\d+(?:\.\d+)?t?)?(?:-dbg|d)?$/;
const otherName =
  /^(?:R|Rscript|julia|node|nodejs|deno|bun|perl|ruby|bash|sh|dash|zsh|ksh|fish|octave(?:-cli)?|matlab|java|php|lua(?:jit)?|guile|tclsh|make)$/;
/** Programs that run a Python script which is among their arguments. */
const scriptRunners =
  /^(?:torchrun|accelerate|deepspeed|horovodrun|ipython3?|kernprof|coverage|debugpy|streamlit|composer|colossalai|viztracer)$/;

/**
 * Finds which interpreter a command will run in, without starting anything: PATH, `env` and other
 * wrappers, pyenv's shims, `uv run` and its kind, shebangs of scripts and console scripts.
 * Null where there is no such program.
 */
export function resolveInterpreter(command: Command, depth = 0): Interpreter | null {
  if (depth > 8) return null;
  const inner = unwrap(command);
  if (inner && inner.argv.length > 0) {
    const found = resolveInterpreter(inner, depth + 1);
    if (!found) return null;
    const { unsure = found.unsure, syncs = found.syncs } = inner;
    return { ...found, unsure, syncs };
  }
  const { argv, cwd, env } = command;
  const [word = '', ...words] = argv;
  const found = findProgram(word, cwd, env);
  if (!found) return null;
  const root = findPyenvRoot(found, env);
  const path = root ? followPyenvShim(basename(found), root, cwd, env) : found;
  if (!path) return null;
  const name = basename(path);
  if (pythonName.test(name)) return describePython(path, words, command);
  const shebang = readShebang(path);
  if (!shebang) return describeOther(path, name, words, command);
  const outer = resolveInterpreter(
    { argv: [...shebang.flatMap(splitEnvWords), path, ...words], cwd, env },
    depth + 1,
  );
  if (!outer || !scriptRunners.test(name)) return outer;
  const at = words.findIndex((text) => /\.pyw?$/.test(text) && isFile(resolve(cwd, text)));
  if (at < 0) return outer;
  return { ...outer, script: resolve(cwd, words[at] ?? ''), arguments: words.slice(at + 1) };
}

/** The kernel gives one argument; `env -S` splits it, all others take it as it is. */
function splitEnvWords(word: string, index: number): string[] {
  return index > 0 && word.startsWith('-S') ? ['-S', word.slice(2).trim()] : [word];
}

function describePython(path: string, words: string[], command: Command): Interpreter {
  const { cwd, env } = command;
  const call = scriptOfModule(readPythonCall(words), words, cwd);
  const real = realPath(path);
  const venv = findVenv(path);
  return {
    kind: 'python',
    name: 'python',
    path,
    realPath: real,
    version: guessVersion(path, real, venv),
    venv,
    script: call.script === null ? null : resolve(cwd, call.script),
    module: call.module,
    arguments: words.slice(call.argumentsFrom),
    isolation: call.isolation,
    env,
    cwd,
    unsure: null,
    syncs: false,
  };
}

function describeOther(path: string, name: string, words: string[], command: Command): Interpreter {
  const { cwd, env } = command;
  const known = otherName.test(name);
  const inline = /^-[a-z]*[ce]$/.test(words[0] ?? '');
  const at = known && !inline ? words.findIndex((word) => !word.startsWith('-')) : -1;
  return {
    kind: known ? 'other' : 'native',
    name,
    path,
    realPath: realPath(path),
    version: null,
    venv: null,
    script: at < 0 ? null : resolve(cwd, words[at] ?? ''),
    module: null,
    arguments: words.slice(at + 1),
    isolation: [],
    env,
    cwd,
    unsure: null,
    syncs: false,
  };
}

/** By `pyvenv.cfg` beside the executable or a folder above it, or conda's own folder. */
function findVenv(path: string): string | null {
  const above = dirname(dirname(path));
  for (const folder of [above, dirname(path)]) {
    if (isFile(join(folder, 'pyvenv.cfg'))) return folder;
  }
  return readStart(join(above, 'conda-meta/history'), 1) === '' ? null : above;
}

function guessVersion(path: string, realPath: string, venv: string | null): string | null {
  return (
    (venv ? /^version(?:_info)?\s*=\s*(\d+\.\d+(?:\.\d+)?)/m.exec(readConfig(venv))?.[1] : null) ??
    /\/(?:versions|cpython|python)[/-](\d+\.\d+\.\d+)[^/]*\//.exec(realPath)?.[1] ??
    /python(\d+\.\d+)$/.exec(realPath)?.[1] ??
    /python(\d+\.\d+)$/.exec(path)?.[1] ??
    null
  );
}

function readConfig(venv: string): string {
  try {
    return readFileSync(join(venv, 'pyvenv.cfg'), 'utf8');
  } catch {
    return '';
  }
}
