import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathBuffer, placeOnDisk } from '../capture/byte-path.ts';
import { readAnchor } from '../capture/code/anchor.ts';
import { checkSnapshot } from '../capture/code/check-snapshot.ts';
import { digestFile } from '../capture/data/digest-file.ts';
import { endedStatuses } from '../core/liveness.ts';
import { redactedMark } from '../core/redaction/secret-value.ts';
import { messageOf } from '../protocol/errors.ts';
import { files } from '../protocol/names.ts';
import type { Artifact, RunRecord } from '../protocol/record.ts';
import type { Problem, Verification } from '../protocol/verbs.ts';
import { checkJournal } from '../store/journal-check.ts';
import type { Layout } from '../store/layout.ts';
import { checkObject } from '../store/objects.ts';
import { statPath } from '../store/stat-path.ts';
import { isCutLaunch } from './cut-launch.ts';

/** What is known of a run outside its own folder. */
export interface KnownElsewhere {
  /** Journal hashes from the index and the judgements: each must be in the chain. */
  hashes: string[];
  /** Whether a later run left this content at the path; null: whether it left nothing there. */
  wasReplaced(path: string, digest: string | null): boolean;
}

/**
 * Holds a record against what lies on disk: the journal's chain and the hashes of its end that are
 * kept elsewhere, the objects, the log, the artifacts that were left, and the snapshot of the code.
 * `record` is null where the journal has no launch part that can be read. Reads only.
 */
export async function verifyRun(
  layout: Layout,
  id: string,
  record: RunRecord | null,
  known: KnownElsewhere,
): Promise<Verification> {
  const anchor = await readAnchor(layout.root, id).catch(() => null);
  const isUnknown = record === null && anchor === null && known.hashes.length === 0;
  if (isUnknown && isCutLaunch(layout, id)) return { ok: true, checked: 0, problems: [] };
  const journal = checkJournal(layout.journal(id), known.hashes);
  const problems: Problem[] = [...journal.problems];
  let checked = 1;
  const check = (problem: Problem | null) => {
    checked += 1;
    if (problem !== null) problems.push(problem);
  };
  if (anchor !== null) check(compareAnchor(layout, id, anchor, journal.lastHash));
  if (record === null) return { ok: problems.length === 0, checked, problems };
  for (const digest of objectsOf(record)) check(checkObject(layout, digest));
  for (const [name, digest] of companions(record)) {
    check(
      checkFile(
        join(layout.runFolder(record.id), name),
        `${files.runs}/${record.id}/${name}`,
        digest,
      ),
    );
  }
  // While the run goes on, its files change under our eyes.
  const isOver = endedStatuses.includes(record.lifecycle.status);
  for (const artifact of isOver ? record.artifacts : []) {
    if (artifact.state === 'present') check(checkArtifact(layout, artifact, known.wasReplaced));
  }
  const { code } = record;
  if ([code, ...code.submodules, ...code.repositories].some((one) => one.snapshot !== null)) {
    checked += 1;
    problems.push(...(await checkSnapshot(code, layout.root)));
  }
  return { ok: problems.length === 0, checked, problems };
}

/** The journal that was put into the repository at the end, byte for byte. */
function compareAnchor(
  layout: Layout,
  id: string,
  anchor: Buffer,
  lastHash: string | null,
): Problem | null {
  const subject = `${files.runs}/${id}/${files.journal}`;
  const found = readFileOrNull(layout.journal(id));
  if (found?.equals(anchor)) return null;
  // Where a full disk kept the last lines out of the journal, they come after what was anchored.
  const isWhole = lastTypeOf(anchor) === 'closed';
  if (!isWhole && found?.subarray(0, anchor.length).equals(anchor)) return null;
  const expected = /"hash":"(sha256:[0-9a-f]{64})"\}\n?$/.exec(
    anchor.toString('latin1', anchor.length - 100),
  )?.[1];
  return {
    subject,
    what: 'not what was anchored in the repository',
    expected: expected ?? null,
    found: lastHash,
  };
}

function lastTypeOf(journal: Buffer): string | null {
  const line = journal.subarray(journal.lastIndexOf(0x0a, journal.length - 2) + 1).toString('utf8');
  try {
    return String((JSON.parse(line) as { type?: unknown }).type);
  } catch {
    return null;
  }
}

function readFileOrNull(path: string): Buffer | null {
  if (statPath(path)?.isFile() !== true) return null;
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** Every object that the record names. */
function objectsOf(record: RunRecord): Set<string> {
  const digests = [
    ...(record.code.files ?? []).map((file) =>
      file.object === undefined ? file.digest : file.object,
    ),
    ...record.data.flatMap((entry) => [
      entry.manifest,
      entry.manifestAfter,
      entry.members,
      entry.statsAtLaunch,
    ]),
    ...record.config.sources.map((source) => source.object ?? source.digest),
    ...(record.environment?.locks.map((lock) => lock.object ?? lock.digest) ?? []),
    record.outputs.statsAtLaunch,
    typeof record.code.changes === 'string' ? record.code.changes : null,
  ];
  return new Set(digests.filter((digest) => typeof digest === 'string'));
}

function companions(record: RunRecord): [string, string][] {
  const { log = null, events = null } = record.files ?? {};
  return [
    ...(log === null ? [] : [[files.log, log] as [string, string]]),
    ...(events === null ? [] : [[files.events, events] as [string, string]]),
  ];
}

/** What a later run has written over an artifact is that run's: nothing is wrong with this one. */
function checkArtifact(
  layout: Layout,
  artifact: Artifact,
  wasReplaced: KnownElsewhere['wasReplaced'],
): Problem | null {
  if (artifact.digest === null || artifact.mode !== 'full') return null;
  // Its name had a secret in it: what is left of that names no file.
  if (artifact.path.includes(redactedMark)) return null;
  const path = pathBuffer(placeOnDisk(artifact, layout.root));
  const problem = checkFile(path, artifact.path, artifact.digest);
  if (problem === null || problem.what === 'unreadable') return problem;
  return wasReplaced(artifact.path, problem.found) ? null : problem;
}

function checkFile(path: string | Buffer, subject: string, expected: string): Problem | null {
  if (!existsSync(path)) return { subject, what: 'missing', expected, found: null };
  try {
    const { digest } = digestFile(path);
    return digest === expected ? null : { subject, what: 'changed', expected, found: digest };
  } catch (error) {
    return { subject, what: 'unreadable', expected, found: messageOf(error) };
  }
}
