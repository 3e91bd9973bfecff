import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type BytePath, bytePath, pathBuffer, placeOnDisk } from '../../capture/byte-path.ts';
import { readMetricTable } from '../../core/observed/metric-table.ts';
import type { Point } from '../../protocol/journal.ts';
import type { Artifact } from '../../protocol/record.ts';
import type { Recording } from '../recording.ts';
import type { MetricTaker } from './metric-taker.ts';
import type { Taker } from './observation.ts';
import type { Observed } from './observed-tail.ts';

const formats: Record<string, 'csv' | 'jsonl'> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};
/** What is larger is rather data than a log of metrics. */
const mostBytes = 32 * 1024 * 1024;
const mostPoints = 200_000;
const pointsPerLine = 5_000;

interface Begun {
  /** Bytes that were there before this run appended. */
  from: number;
  /** It was changed somewhere in the middle: what is this run's cannot be told. */
  isPatched: boolean;
}

/**
 * At the end, takes metrics out of the tables that a program has written for itself. What another
 * source has told under a name stands; rows of an earlier run, to which this one appended, are not
 * its own.
 */
export class MetricFiles implements Taker {
  readonly #recording: Recording;
  readonly #root: string;
  readonly #metrics: MetricTaker;
  readonly #begun = new Map<BytePath, Begun>();

  constructor(options: { recording: Recording; root: string; metrics: MetricTaker }) {
    this.#recording = options.recording;
    this.#root = options.root;
    this.#metrics = options.metrics;
  }

  take({ line }: Observed): void {
    if (line.t !== 'write' || formats[extname(line.path).toLowerCase()] === undefined) return;
    const path = bytePath(targetOf(line.path));
    if (this.#begun.has(path)) return;
    const size = line.mode === 'append' ? Number(line.stat?.[2] ?? 0) : 0;
    this.#begun.set(path, { from: size, isPatched: line.mode === 'update' });
  }

  /** Once all versions of the outputs are recorded. */
  settle(): void {
    const { artifacts, metrics } = this.#recording.record;
    const known = new Set(metrics.map(({ name }) => name));
    let room = mostPoints;
    for (const artifact of [...artifacts].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      const format = formats[extname(artifact.path).toLowerCase()];
      if (format === undefined || !isOwn(artifact)) continue;
      const points = this.#pointsOf(artifact, format, known).slice(0, room);
      room -= points.length;
      for (let start = 0; start < points.length; start += pointsPerLine) {
        const batch = points.slice(start, start + pointsPerLine);
        this.#recording.append('metric', { source: format, points: batch });
      }
      for (const { name } of points) known.add(name);
    }
  }

  #pointsOf(artifact: Artifact, format: 'csv' | 'jsonl', known: Set<string>): Point[] {
    const text = this.#read(artifact);
    if (text === null) return [];
    const table = readMetricTable(text, format);
    const isTaken = new Set(table.map(({ name }) => name).filter((name) => known.has(name)));
    const prefix = basename(artifact.path, extname(artifact.path));
    // Two tables of one run may both have a `loss`; one that a logger told is the same once more.
    const byTables = new Set(
      this.#recording.record.metrics
        .filter(({ source }) => source === 'csv' || source === 'jsonl')
        .map(({ name }) => name),
    );
    return table.flatMap((point) => {
      if (isTaken.has(point.name) && !byTables.has(point.name)) return [];
      const name = isTaken.has(point.name) ? `${prefix}/${point.name}` : point.name;
      const full: Point = { ...point, name, at: null, unit: null };
      return known.has(name) || !this.#metrics.isFirst(format, full) ? [] : [full];
    });
  }

  /** What the run wrote of a table, with its first line; null where that cannot be told. */
  #read(artifact: Artifact): string | null {
    const path = placeOnDisk(artifact, this.#root);
    let descriptor: number;
    try {
      descriptor = openSync(pathBuffer(path), 'r');
    } catch {
      return null; // It is gone: its last version is in the record, its rows are not.
    }
    try {
      const { size, birthtimeMs } = fstatSync(descriptor);
      const begun = this.#begun.get(path);
      const launchedAtMs = Date.parse(this.#recording.record.lifecycle.createdAt);
      const isNew = birthtimeMs >= launchedAtMs - 1000;
      if (size > mostBytes || begun?.isPatched === true || (begun === undefined && !isNew)) {
        return null;
      }
      const bytes = Buffer.alloc(size);
      const text = bytes.subarray(0, readSync(descriptor, bytes, 0, size, 0));
      const from = begun?.from ?? 0;
      if (from === 0) return text.toString('utf8');
      const head = text.subarray(0, text.indexOf(10) + 1).toString('utf8');
      const isTable = formats[extname(artifact.path).toLowerCase()] === 'csv';
      return (isTable ? head : '') + text.subarray(from).toString('utf8');
    } catch {
      return null;
    } finally {
      closeSync(descriptor);
    }
  }
}

function isOwn({ state, attribution }: Artifact): boolean {
  const isSeen = attribution.kind === 'observed' || attribution.kind === 'exclusive-directory';
  return state === 'present' && isSeen;
}

/** The file that a path leads to, also where it is not there yet. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path));
    } catch {
      return path;
    }
  }
}
