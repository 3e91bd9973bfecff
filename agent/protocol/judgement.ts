import * as v from 'valibot';
import { Digest, RunId, Text, Time } from './values.ts';

/**
 * A judgement: one immutable file in `judgements/`, written after the run. Members that a kind
 * adds (criteria, hypothesis, successor ...) are kept as they are; `names.md` lists them.
 */
export const judgementKinds = [
  'promotion',
  'rejection',
  'retirement',
  'note',
  'reproduction',
] as const;

export const Subject = v.object({
  kind: v.picklist(['run', 'artifact', 'dataset', 'promotion']),
  run: v.nullable(RunId),
  digest: v.nullable(Digest),
  path: v.nullable(Text),
  name: v.nullable(Text),
  version: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

export const Judgement = v.looseObject({
  schemaVersion: v.literal(1),
  id: RunId,
  kind: v.picklist(judgementKinds),
  subject: Subject,
  by: v.object({
    name: v.nullable(Text),
    email: v.nullable(Text),
    kind: v.picklist(['person', 'process']),
    identity: v.nullable(Text),
  }),
  at: Time,
  reason: v.nullable(Text),
  /** Hash of the last journal line of the run that is named, where one is. */
  journalHash: v.optional(v.nullable(Digest)),
});
export type Judgement = v.InferOutput<typeof Judgement> & { [member: string]: unknown };
