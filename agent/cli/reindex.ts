import { countOf } from '../core/text/size.ts';
import { makeVisible } from '../core/text/visible.ts';
import { exitCodes } from '../protocol/names.ts';
import { usageError } from './options.ts';
import { startProgress } from './progress.ts';
import type { VerbInput } from './verb.ts';

/**
 * `runrecord reindex`: rebuilds the index; first brings removed records back (`--recover`) or deletes
 * what the repository holds of them (`--prune`).
 */
export async function act({ deps, output, options }: VerbInput): Promise<number> {
  if (options.recover === true && options.prune === true) {
    throw usageError(
      'Removed records cannot be both brought back and deleted.',
      'Use --recover to have them again, or --prune to be rid of them.',
    );
  }
  const pruning = options.prune === true ? await deps.prune() : null;
  const recovery = options.recover === true ? await deps.recover() : null;
  const progress = startProgress(deps, 'Reading');
  const { runs, lost } = await deps.reindex(progress.report).finally(progress.end);
  const problems = [...(recovery?.problems ?? []), ...(pruning?.problems ?? [])];
  if (output.json) {
    const [recovered, pruned] = [recovery?.recovered ?? [], pruning?.pruned ?? []];
    await output.printJson({ runs, recovered, pruned, lost, problems });
  } else {
    if (recovery !== null) {
      output.say(`${countOf(recovery.recovered.length, 'record')} brought back.`);
    }
    if (pruning !== null) {
      output.say(`The snapshots of ${countOf(pruning.pruned.length, 'removed record')} deleted.`);
    }
    for (const problem of problems) output.say(makeVisible(problem));
    output.say(`${countOf(runs, 'run')} in the index.`);
    for (const line of adviseOn(lost)) output.say(line);
  }
  return problems.length === 0 ? exitCodes.done : exitCodes.failed;
}

function adviseOn(lost: string[]): string[] {
  if (lost.length === 0) return [];
  const which = lost.length === 1 ? '1 run has a snapshot' : `${lost.length} runs have snapshots`;
  return [
    `${which} in the repository and no record any more.`,
    'Bring back what can be with runrecord reindex --recover; --prune deletes the rest.',
  ];
}
