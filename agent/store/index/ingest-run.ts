import { foldEvent } from '../../core/fold.ts';
import { messageOf } from '../../protocol/errors.ts';
import type { JournalEvent, JournalLine } from '../../protocol/journal.ts';
import { isAnchored, readJournalFrom } from '../journal-reader.ts';
import type { Layout } from '../layout.ts';
import { readObject } from '../objects.ts';
import { parseEvent } from '../parse-event.ts';
import { statPath } from '../stat-path.ts';
import type { Database } from './database.ts';
import { PointWriter } from './point-writer.ts';
import { currentRecord, type ProcessProbe } from './probe.ts';
import { removeRun } from './remove-run.ts';
import { emptyState, journaledRun, loadState, type RunState, saveState } from './run-state.ts';
import { writeRun } from './write-run.ts';

/** At most so much of a journal in one transaction, so that other writers get their turn. */
const portionBytes = 16 * 1024 * 1024;

/**
 * Takes what is new in a run's journal into the index, inside a transaction of the caller's.
 * Whoever did it before, and however far, the rows are the same in the end. Answers how many
 * bytes were read, and whether there is more to read.
 */
export function ingestRun(
  database: Database,
  layout: Layout,
  id: string,
  probe: ProcessProbe,
): { bytes: number; isMore: boolean } {
  const path = layout.journal(id);
  const stat = statPath(path);
  if (stat === null) {
    removeRun(database, id);
    return { bytes: 0, isMore: false };
  }
  const size = Number(stat.size);
  const known = loadState(database, id);
  const mtimeNs = String(stat.mtimeNs);
  if (known?.sizeBytes === size && known.mtimeNs === mtimeNs) return { bytes: 0, isMore: false };
  const state = startingState(database, path, id, size, known);
  const before = state.offset;
  const told = state.record;
  readPortion(database, layout, state);
  // While there is more to read, the next look must not find the file as it was.
  const isMore = state.offset < size && state.offset >= before + portionBytes;
  Object.assign(state, isMore ? { sizeBytes: -1 } : { sizeBytes: size, mtimeNs });
  saveState(database, state);
  const run = journaledRun(state);
  if (run !== null) {
    const record = currentRecord(run, layout.runFolder(id), probe);
    writeRun(database, told, record, state.lastHash, (digest) => readObject(layout, digest));
  }
  return { bytes: state.offset - before, isMore };
}

/** Goes on where the last one stopped, or anew where the journal is not the one that was read. */
function startingState(
  database: Database,
  path: string,
  id: string,
  size: number,
  known: RunState | null,
): RunState {
  if (known === null) return emptyState(id);
  const { offset, goodOffset, lastHash } = known;
  const isSame = size >= offset && (lastHash === null || isAnchored(path, goodOffset, lastHash));
  if (isSame && lastHash !== null) return known;
  removeRun(database, id);
  if (lastHash !== null) {
    database.statement('INSERT OR IGNORE INTO end_hash VALUES (?, ?)').run(id, lastHash);
  }
  return emptyState(id);
}

function readPortion(database: Database, layout: Layout, state: RunState): void {
  const points = new PointWriter(database, state.record);
  let isWritten = state.record !== null;
  const take = (line: JournalLine) => {
    const event = eventOf(line, state);
    if (event === null) return;
    const folded = foldEvent(state.record, event);
    if (folded !== null && event.type === 'metric' && !isWritten) {
      // The points need the run's key, so a new run is written before its first ones.
      writeRun(database, null, folded, line.hash, (digest) => readObject(layout, digest));
      isWritten = true;
    }
    if (event.type === 'metric' && folded !== null) points.write(folded.id, event.data.points);
    if (event.type === 'started') {
      Object.assign(state, { recorder: event.data.recorder, keeper: event.data.keeper });
    }
    state.record = folded;
  };
  const last = { seq: state.seq, hash: state.lastHash, type: state.lastType };
  const untilBytes = state.offset + portionBytes;
  const part = readJournalFrom(layout.journal(state.id), state.offset, take, { last, untilBytes });
  const [problem] = part.problems;
  if (problem !== undefined) state.problem ??= `${problem.reason}`;
  const { seq, hash, type } = part.last;
  const goodOffset = part.last.hash === state.lastHash ? state.goodOffset : part.goodOffset;
  const { offset } = part;
  Object.assign(state, { offset, goodOffset, seq, lastHash: hash, lastType: type });
}

/** Null for what is not taken: unknown, of another shape, or the launch of another run. */
function eventOf(line: JournalLine, state: RunState): JournalEvent | null {
  try {
    const event = parseEvent(line);
    if (event === null) return null;
    if (typeof event === 'string') {
      state.problem ??= event;
      return null;
    }
    if (event.type === 'launch' && event.data.id !== state.id) {
      state.problem ??= `the launch line is of another run, ${event.data.id}`;
      return null;
    }
    return event;
  } catch (thrown) {
    state.problem ??= messageOf(thrown);
    return null;
  }
}
