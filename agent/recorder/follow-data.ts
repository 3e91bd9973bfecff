import { HashPool } from '../capture/data/hash-pool.ts';
import { checkPointers } from '../capture/data/pointers/check-pointers.ts';
import { Md5Memory } from '../capture/data/pointers/md5-memory.ts';
import type { RecheckOptions } from '../capture/data/read-now.ts';
import { digestPinned, type Recheck, recheckData } from '../capture/data/recheck-data.ts';
import type { DigestCache } from '../core/seams.ts';
import type { DataEntry } from '../protocol/record.ts';
import type { Layout } from '../store/layout.ts';
import { keepObject, readObject } from '../store/objects.ts';
import { isPinned } from './launch/assemble-record.ts';
import type { Recording } from './recording.ts';

export interface FollowDataOptions {
  layout: Layout;
  recording: Recording;
  cache: DigestCache;
  pool: HashPool;
}

export interface FollowedData {
  /** True while data that was too large for the launch is hashed, or very much is to be looked at. */
  isHashing(): boolean;
  /** Waits for that, and looks whether the data is still what it was. */
  settle(): Promise<void>;
}

/** What may be read once more at the end of a run, to compare it with what DVC says. */
const lastLook = { bytes: 64_000_000, files: 2_000 };

/** Whoever waits for the program's end waits a second for this look, not ten for a million files. */
const longestLookFiles = 200_000;

function countFiles({ record }: Recording): number {
  return record.data.reduce((sum, { stat, fileCount }) => sum + (stat ? (fileCount ?? 0) : 0), 0);
}

/** Data of a run while it goes on: what is large is hashed, and what changes meanwhile is told. */
export function followData({ layout, recording, cache, pool }: FollowDataOptions): FollowedData {
  const recheck: RecheckOptions = {
    workspaceRoot: layout.root,
    cache,
    keepObject: (bytes) => keepObject(layout, bytes),
    readObject: (digest) => readObject(layout, digest),
    launchedAtMs: Date.parse(recording.record.lifecycle.createdAt),
  };
  const memory = new Md5Memory(layout.cache);
  const compare = async (by: HashPool, budget: { bytes: number; files: number }) => {
    const options = { workspaceRoot: layout.root, pool: by, memory, budget: { ...budget } };
    const entries = await checkPointers(recording.record.data, options);
    if (entries.length > 0) appendData(recording, { entries, status: 'captured', detail: null });
  };
  let hashing = true;
  const beside = hashBeside(recording, recheck, compare).finally(() => {
    hashing = false;
  });
  return {
    isHashing: () => hashing || countFiles(recording) > longestLookFiles,
    async settle() {
      await beside;
      const { data, capture } = recording.record;
      const found = await recheckData(data, { ...recheck, pool });
      if (found.entries.length > 0 || found.detail !== null || capture.data.status === 'pending') {
        appendData(recording, found);
      }
      await compare(pool, lastLook);
    },
  };
}

/** Large data is hashed beside the program; until then the field is `pending`. */
async function hashBeside(
  recording: Recording,
  options: RecheckOptions,
  compare: (pool: HashPool, budget: { bytes: number; files: number }) => Promise<void>,
): Promise<void> {
  const open = recording.record.data.filter(isPinned);
  if (open.length === 0 && !recording.record.data.some(isUncompared)) return;
  const pool = new HashPool({ background: true });
  try {
    if (open.length > 0) {
      const startMs = performance.now();
      const found = await digestPinned(open, { ...options, pool });
      appendData(recording, found, Math.round(performance.now() - startMs));
    }
    await compare(pool, { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY });
  } finally {
    await pool.close();
  }
}

function isUncompared({ pointer, mode }: DataEntry): boolean {
  return pointer?.agrees === null && pointer.digest !== null && mode !== 'pointer';
}

function appendData(recording: Recording, found: Recheck, durationMs?: number): void {
  const { capture } = recording.record;
  const before = capture.data;
  const isWorse = found.status === 'partial' && before.status !== 'failed';
  const status = isWorse ? 'partial' : before.status === 'pending' ? 'captured' : before.status;
  const told = [before.detail, found.detail].filter((text) => text !== null).join('; ');
  recording.append('data', {
    entries: found.entries,
    capture: {
      status,
      detail: told === '' ? null : told,
      durationMs: durationMs ?? before.durationMs,
    },
  });
}
