import type { Point } from '../../protocol/journal.ts';
import type { RunRecord } from '../../protocol/record.ts';
import type { Database } from './database.ts';
import { splitNumeric } from './sql-value.ts';

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Writes the points of one run, each series in the order of its coming. */
export class PointWriter {
  readonly #database: Database;
  readonly #counts: Map<string, number>;
  readonly #series = new Map<string, number>();

  constructor(database: Database, before: RunRecord | null) {
    this.#database = database;
    this.#counts = new Map(before?.metrics.map(({ name, count }) => [name, count]));
  }

  write(runId: string, points: Point[]): void {
    const insert = this.#database.statement(
      'INSERT OR REPLACE INTO point VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    for (const { name, value, step, epoch, at } of points) {
      const n = (this.#counts.get(name) ?? 0) + 1;
      this.#counts.set(name, n);
      const series = this.#series.get(name) ?? this.#seriesOf(runId, name);
      const { number, text } = splitNumeric(value);
      insert.run(series, n, step, epoch, packTime(at), number, text);
    }
  }

  #seriesOf(runId: string, name: string): number {
    const { statement } = this.#database;
    const row = statement(
      `INSERT INTO metric (run, name, count) SELECT key, ?, 0 FROM run WHERE id = ?
       ON CONFLICT (run, name) DO UPDATE SET name = excluded.name RETURNING id`,
    ).get(name, runId);
    const id = Number(row?.id);
    this.#series.set(name, id);
    return id;
  }
}

/** Milliseconds take a third of the room; what is no time of ours is kept as it was said. */
function packTime(at: string | null): number | bigint | string | null {
  if (at === null || !timePattern.test(at)) return at;
  const milliseconds = Date.parse(at);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== at) return at;
  return BigInt(milliseconds);
}
