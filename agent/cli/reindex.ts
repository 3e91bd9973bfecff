import { countOf } from '../core/text/size.ts';
import { makeVisible } from '../core/text/visible.ts';
import { exitCodes } from '../protocol/names.ts';
import { startProgress } from './progress.ts';
import type { VerbInput } from './verb.ts';

/** `runrecord reindex`: rebuilds the index; with `--recover` brings removed records back first. */
export async function act({ deps, output, options }: VerbInput): Promise<number> {
  const recovery = options.recover === true ? await deps.recover() : null;
  const progress = startProgress(deps, 'Reading');
  const { runs } = await deps.reindex(progress.report).finally(progress.end);
  const problems = recovery?.problems ?? [];
  if (output.json) {
    await output.printJson({ runs, recovered: recovery?.recovered ?? [], problems });
  } else {
    if (recovery !== null) {
      output.say(`${countOf(recovery.recovered.length, 'record')} brought back.`);
    }
    for (const problem of problems) output.say(makeVisible(problem));
    output.say(`${countOf(runs, 'run')} in the index.`);
  }
  return problems.length === 0 ? exitCodes.done : exitCodes.failed;
}
