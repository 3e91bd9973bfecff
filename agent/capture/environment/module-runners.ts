import { resolve } from 'node:path';
import { isFile } from './find-program.ts';
import type { PythonCall } from './python-command.ts';

/** Modules that run the script among their arguments: launchers, profilers, debuggers. */
const runners =
  /^(?:torch\.distributed\.(?:run|launch)|accelerate\.commands\.(?:launch|accelerate_cli)|deepspeed(?:\.launcher\.(?:runner|launch))?|horovod\.runner|cProfile|profile|pdb|ipdb|trace|tracemalloc|coverage|debugpy|kernprof|line_profiler|memory_profiler|scalene|viztracer|pyinstrument|memray|IPython)$/;

/**
 * The call with the script that a module will run: `-m torch.distributed.run ... train.py` is a run
 * of train.py, as its configuration and its code are concerned.
 */
export function scriptOfModule(call: PythonCall, words: string[], cwd: string): PythonCall {
  if (call.module === null || !runners.test(call.module)) return call;
  const from = call.argumentsFrom;
  const at = words.findIndex(
    (word, index) => index >= from && /\.pyw?$/.test(word) && isFile(resolve(cwd, word)),
  );
  return at < 0 ? call : { ...call, script: words[at] ?? null, argumentsFrom: at + 1 };
}
