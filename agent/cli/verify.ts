import { countOf } from '../core/text/size.ts';
import { makeVisible } from '../core/text/visible.ts';
import { exitCodes } from '../protocol/names.ts';
import type { Problem } from '../protocol/verbs.ts';
import { usageError } from './options.ts';
import { startProgress } from './progress.ts';
import type { VerbInput } from './verb.ts';

/** `runrecord verify`: holds records against what lies on disk; exits 1 where something is off. */
export async function act({ deps, output, operands, options }: VerbInput): Promise<number> {
  const [ref] = operands;
  if ((ref === undefined) === (options.all !== true)) {
    throw usageError(
      ref === undefined ? 'No run was named.' : 'Both a run and --all were given.',
      'Name one run, or use runrecord verify --all.',
    );
  }
  const ids = ref === undefined ? 'all' : [await resolveOne(deps, ref)];
  const progress = startProgress(deps, 'Checking');
  const verification = await deps.verifyRuns(ids, progress.report).finally(progress.end);
  const { ok, checked, problems } = verification;
  if (output.json) {
    await output.printJson(verification);
  } else {
    const lines = problems.flatMap((problem) => describeProblem(problem, output.paint));
    const found = problems.length === 0 ? 'no problems' : countOf(problems.length, 'problem');
    await output.print([...lines, `${countOf(checked, 'thing')} checked, ${found}.`]);
  }
  return ok ? exitCodes.done : exitCodes.failed;
}

async function resolveOne(deps: VerbInput['deps'], ref: string): Promise<string> {
  const records = await deps.openRecords();
  try {
    return records.resolveRef(ref).id;
  } finally {
    records.close();
  }
}

function describeProblem(problem: Problem, paint: VerbInput['output']['paint']): string[] {
  const { subject, what, expected, found } = problem;
  const lines = [`${paint('problem', 'failed')}  ${makeVisible(subject)}: ${makeVisible(what)}`];
  if (expected !== null) lines.push(`         recorded  ${makeVisible(expected)}`);
  if (found !== null) lines.push(`         found     ${makeVisible(found)}`);
  return lines;
}
