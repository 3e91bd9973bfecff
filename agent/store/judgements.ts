import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { RunRecordError } from '../protocol/errors.ts';
import { Judgement } from '../protocol/judgement.ts';
import { writeDurably } from './durable.ts';
import type { Layout } from './layout.ts';
import { readSmallJson } from './small-file.ts';

const largestBytes = 16_000_000;

/**
 * Writes a judgement to a file of its own, synced and read-only. A judgement is never edited.
 *
 * @throws RunRecordError `judgement-exists` where its id is taken
 */
export function writeJudgement(layout: Layout, judgement: Judgement): void {
  const checked = v.parse(Judgement, judgement);
  mkdirSync(layout.judgements, { recursive: true });
  const path = judgementPath(layout, checked.id);
  const bytes = Buffer.from(`${JSON.stringify(checked, null, 2)}\n`);
  if (writeDurably(path, bytes, { exclusive: true, mode: 0o444 })) return;
  throw new RunRecordError(
    'judgement-exists',
    `There is a judgement ${checked.id} already.`,
    'Write a new judgement under an id of its own.',
  );
}

export function judgementPath(layout: Layout, id: string): string {
  return join(layout.judgements, `${id}.json`);
}

/** Ids of the judgements that lie there, by name of their files. */
export function listJudgements(layout: Layout): string[] {
  try {
    return readdirSync(layout.judgements)
      .filter((name) => /^[0-9a-f-]{36}\.json$/.test(name))
      .map((name) => name.slice(0, -'.json'.length))
      .sort();
  } catch {
    return [];
  }
}

/** Null where it is not there, is not whole, or has another id than its file. */
export function readJudgement(layout: Layout, id: string): Judgement | null {
  const content = readSmallJson(judgementPath(layout, id), largestBytes);
  return v.is(Judgement, content) && content.id === id ? (content as Judgement) : null;
}

/** All judgements that can be read, oldest first. */
export function readJudgements(layout: Layout): Judgement[] {
  return listJudgements(layout)
    .map((id) => readJudgement(layout, id))
    .filter((judgement) => judgement !== null)
    .sort((a, b) => (a.at === b.at ? compare(a.id, b.id) : compare(a.at, b.at)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
