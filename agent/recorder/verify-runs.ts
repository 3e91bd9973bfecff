import { readdirSync } from 'node:fs';
import type { Problem, Verification } from '../protocol/verbs.ts';
import { openIndex, type RunIndex } from '../store/index/open-index.ts';
import { readJudgements } from '../store/judgements.ts';
import type { Layout } from '../store/layout.ts';
import { findLostRecords, problemsOfLost } from './lost-records.ts';
import { processProbe } from './probe.ts';
import { verifyRun } from './verify.ts';

/** Verifies these runs, or all of them; `progress` is told after each. */
export async function verifyRuns(
  layout: Layout,
  ids: readonly string[] | 'all',
  progress: (done: number, total: number) => void,
): Promise<Verification> {
  const index = openIndex(layout, { probe: processProbe });
  try {
    const wanted = ids === 'all' ? listRunFolders(layout) : ids;
    const judgements = readJudgements(layout);
    const all: Verification = { ok: true, checked: 0, problems: [] };
    for (const [at, id] of wanted.entries()) {
      const record = index.record(id);
      const judged = judgements.filter((item) => item.subject.run === id);
      const { checked, problems } = await verifyRun(layout, id, record, {
        hashes: [...index.knownHashes(id), ...judged.flatMap((item) => item.journalHash ?? [])],
        wasReplaced: (path, digest) => wasReplaced(index, id, path, digest),
      });
      all.checked += checked;
      all.problems.push(...problems);
      progress(at + 1, wanted.length);
    }
    if (ids === 'all') {
      const lost = await findLostRecords(layout);
      all.checked += lost.length;
      all.problems.push(...problemsOfLost(lost));
    }
    return { ...all, ok: all.problems.length === 0, problems: withoutRepeats(all.problems) };
  } finally {
    index.close();
  }
}

/**
 * An object that several runs name is told once. So is a file that several have written and none
 * left as it is: with what the newest of them left there.
 */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const told = problems.map((item): [string, Problem] => [
    `${item.subject}\n${item.what}\n${item.found}`,
    item,
  ]);
  const last = new Set(new Map(told).values());
  return problems.filter((item) => last.has(item));
}

/** Ids are in the order of time, so a later run has a greater one. */
function wasReplaced(index: RunIndex, id: string, path: string, digest: string | null): boolean {
  const later = index.query(`SELECT digest, state FROM artifacts WHERE path = ? AND run_id > ?`, [
    path,
    id,
  ]);
  return later.some((version) =>
    digest === null ? version.state !== 'present' : version.digest === digest,
  );
}

/** By the folders, not by the index: a run whose journal is damaged must not be passed over. */
function listRunFolders(layout: Layout): string[] {
  try {
    const entries = readdirSync(layout.runs, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}
