import { shortId } from '../core/text/short.ts';
import { makeVisible } from '../core/text/visible.ts';
import type { Judgement } from '../protocol/judgement.ts';
import { exitCodes } from '../protocol/names.ts';
import { usageError } from './options.ts';
import type { VerbInput } from './verb.ts';

/** `runrecord note`: a judgement of the kind note, beside the run. */
export async function act({ deps, output, operands }: VerbInput): Promise<number> {
  const [ref = '', text = ''] = operands;
  if (text.trim() === '') {
    throw usageError('The note is empty.', 'Write it as runrecord note REF "what you noticed".');
  }
  const records = await deps.openRecords();
  try {
    const { id } = records.resolveRef(ref);
    const record = records.record(id);
    const judgement: Judgement = {
      schemaVersion: 1,
      id: deps.newId(),
      kind: 'note',
      subject: {
        kind: 'run',
        run: id,
        digest: null,
        path: null,
        name: record?.name ?? null,
        version: null,
      },
      by: await deps.author(),
      at: new Date(deps.now()).toISOString(),
      reason: await deps.redact(text),
      journalHash: records.lastHash(id),
    };
    records.writeJudgement(judgement);
    if (output.json) await output.printJson(judgement);
    else output.say(`Noted on ${makeVisible(record?.name ?? 'run')} ${shortId(id)}.`);
    return exitCodes.done;
  } finally {
    records.close();
  }
}
