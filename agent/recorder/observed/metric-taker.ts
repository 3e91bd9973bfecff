import type { ObservedPoint } from '../../core/observed/observed-line.ts';
import { toNumeric } from '../../core/program-events.ts';
import type { Point } from '../../protocol/journal.ts';
import type { Numeric } from '../../protocol/values.ts';
import type { Recording } from '../recording.ts';
import type { Taker } from './observation.ts';
import type { Observed } from './observed-tail.ts';

const pointsPerLine = 5_000;
/** Beyond so many it is no longer told whether two sources say the same. */
const mostRemembered = 500_000;
/** Values of one source at one step. */
const mostOfStep = 20;

/**
 * Writes the metrics that a program logs by its framework. What two of them say alike (a name, a
 * step and a value) stands once, by who said it first. How far each process was taken goes with
 * them, so that another recorder of the run goes on from there.
 */
export class MetricTaker implements Taker {
  readonly #recording: Recording;
  /** Lines of each file that an earlier recorder took. */
  readonly #taken: Record<string, number>;
  readonly #first = new Map<string, [source: string, ...values: Numeric[]]>();
  readonly #waiting = new Map<string, Point[]>();
  readonly #lines: Record<string, number> = {};

  constructor(recording: Recording, taken: Record<string, number>) {
    this.#recording = recording;
    this.#taken = taken;
  }

  take({ file, line, number }: Observed): void {
    if (line.t !== 'metrics') return;
    const isNew = number > (this.#taken[file] ?? 0);
    for (const tuple of line.points) {
      const point = Array.isArray(tuple) ? pointOf(tuple) : null;
      // What was taken before is remembered all the same: another source may say it again.
      if (point !== null && this.isFirst(line.source, point) && isNew) {
        const waiting = this.#waiting.get(line.source) ?? [];
        this.#waiting.set(line.source, waiting);
        waiting.push(point);
      }
    }
    if (isNew) this.#lines[file] = number;
  }

  flush(): void {
    const batches = [...this.#waiting].flatMap(([source, points]) => inBatches(source, points));
    this.#waiting.clear();
    for (const [at, batch] of batches.entries()) {
      // Said with the last of them: until then a next recorder takes all of these again.
      const isLast = at === batches.length - 1;
      const taken = isLast ? { observedLines: { ...this.#taken, ...this.#lines } } : {};
      this.#recording.append('metric', { ...batch, ...taken });
    }
  }

  /** Whether no other source has said it, were it with fewer digits. */
  isFirst(source: string, { name, step, value }: Point): boolean {
    const key = step === null ? `${name}\0\0${value}` : `${name}\0${step}`;
    const first = this.#first.get(key);
    if (first === undefined) {
      if (this.#first.size < mostRemembered) this.#first.set(key, [source, value]);
      return true;
    }
    const [by, ...values] = first;
    if (by !== source) return !values.some((one) => isSameMeasure(one, value));
    if (values.length < mostOfStep && !values.includes(value)) first.push(value);
    return true;
  }
}

/** Tables and event files keep fewer digits than the program has. */
function isSameMeasure(a: Numeric, b: Numeric): boolean {
  if (a === b) return true;
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  return Math.fround(a) === Math.fround(b) || isRounded(a, b) || isRounded(b, a);
}

/** `short` is `long`, rounded to the two or more decimals that it has. */
function isRounded(short: number, long: number): boolean {
  const decimals = /^-?\d+\.(\d{2,12})$/.exec(String(short))?.[1]?.length;
  return decimals !== undefined && Number(long.toFixed(decimals)) === short;
}

function inBatches(source: string, points: Point[]): { source: string; points: Point[] }[] {
  const batches: { source: string; points: Point[] }[] = [];
  for (let start = 0; start < points.length; start += pointsPerLine) {
    batches.push({ source, points: points.slice(start, start + pointsPerLine) });
  }
  return batches;
}

function pointOf([name, value, step, epoch, at]: ObservedPoint): Point | null {
  const number = toNumeric(value);
  if (typeof name !== 'string' || number === null) return null;
  const time = typeof at === 'number' ? new Date(at * 1000) : null;
  return {
    name,
    value: number,
    step: toNumeric(step),
    epoch: toNumeric(epoch),
    at: time === null || Number.isNaN(time.getTime()) ? null : time.toISOString(),
    unit: null,
  };
}
