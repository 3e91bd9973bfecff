import { execFile } from 'node:child_process';
import { delimiter, resolve } from 'node:path';
import type { Variables } from './find-program.ts';
import type { Interpreter } from './resolve-interpreter.ts';

/** What only the interpreter itself can tell. */
export interface PythonFacts {
  version: string;
  implementation: string;
  /** Where it looks for modules, without the script's own folder. */
  path: string[];
  prefix: string;
  basePrefix: string;
}

const timeoutMs = 5_000;
const mark = 'runrecord-facts:';
/** ASCII only, and nothing imported but `sys`: `json` could be a file of the user's. */
const source = `import sys
def q(s):
    return '"' + ''.join(c if 32 <= ord(c) < 127 and c not in '"\\\\\\\\' else '\\\\\\\\u%04x' % ord(c) if ord(c) < 65536 else '\\\\\\\\ud%03x\\\\\\\\ud%03x' % (0x800 + (ord(c) - 65536 >> 10), 0xc00 + (ord(c) & 1023)) for c in s) + '"'
v = sys.version_info
f = {'version': sys.version.split()[0], 'implementation': getattr(getattr(sys, 'implementation', None), 'name', 'cpython'), 'prefix': sys.prefix, 'basePrefix': getattr(sys, 'base_prefix', sys.prefix)}
m = [q(k) + ':' + q(f[k]) for k in f] + ['"path":[' + ','.join(q(p) for p in sys.path if p) + ']']
sys.stdout.write('\\n${mark}{' + ','.join(m) + '}\\n')
`.replaceAll('\\\\\\\\', '\\\\');

/**
 * Asks Python once. It starts in `/`, so that no file of the user's is imported by its name, with
 * the environment that the program gets; it is ended after 5 s. Throws with the reason.
 */
export function probePython(interpreter: Interpreter): Promise<PythonFacts> {
  const { path, isolation, cwd } = interpreter;
  return new Promise((done, fail) => {
    const child = execFile(
      path,
      [...isolation, '-c', source],
      {
        cwd: '/',
        env: probeVariables(interpreter.env, cwd),
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: 4 * 1024 * 1024,
        encoding: 'utf8',
      },
      (error, output) => {
        const facts = parseFacts(output);
        if (facts) done(facts);
        else if (error?.killed) fail(new Error(`did not answer within ${timeoutMs / 1000} s`));
        else fail(new Error(error ? firstLine(error.message) : 'gave no answer'));
      },
    );
    child.stdin?.end();
  });
}

/** A relative PYTHONPATH means the folder of the run; ours is none of the probe's business. */
function probeVariables(env: Variables, cwd: string): Variables {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('RUNRECORD_'));
  const variables: Variables = Object.fromEntries(kept);
  delete variables.PYTHONINSPECT;
  delete variables.PYTHONSTARTUP;
  delete variables.PYTHONVERBOSE;
  if (variables.PYTHONPATH) variables.PYTHONPATH = absolutePythonPath(variables.PYTHONPATH, cwd);
  return variables;
}

function absolutePythonPath(value: string, cwd: string): string {
  const entries = value.split(delimiter).filter((entry) => entry !== '');
  return entries.map((entry) => resolve(cwd, entry)).join(delimiter);
}

function parseFacts(output: string): PythonFacts | null {
  const line = output.split('\n').findLast((text) => text.startsWith(mark));
  if (!line) return null;
  try {
    return JSON.parse(line.slice(mark.length)) as PythonFacts;
  } catch {
    return null;
  }
}

function firstLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.length > 1 ? lines.at(-1) : lines[0])?.trim() ?? 'failed';
}
