import { median, minimum, type Sample, type Samples } from './measure.ts';

export interface Limits {
  /** Added to the whole command. */
  wholeMs: number;
  /** The same as a multiple of the bare start of Node: on a slow machine this one counts. */
  nodeStarts: number | null;
  /** Added before the program's first line. */
  beforeMs: number | null;
}

export interface Figure {
  minMs: number;
  medianMs: number;
}

export interface Budget {
  what: string;
  foundMs: number;
  limit: string;
  kept: boolean;
}

export interface LaunchReport {
  files: number;
  runs: number;
  whole: Record<string, Figure>;
  /** What recording adds to each program: to the whole, and before its first line. */
  added: Record<string, { whole: Figure; before: Figure }>;
  budgets: Budget[];
}

const programs = ['quick', 'train'];

/** Holds the least disturbed runs against the budgets; medians are told beside them. */
export function judgeLaunch(files: number, samples: Samples, limits: Limits): LaunchReport {
  const whole = Object.fromEntries(
    [...samples].map(([name, taken]) => [name, figure(taken.map(({ wholeMs }) => wholeMs))]),
  );
  const added = Object.fromEntries(
    programs.map((name) => {
      const [bare, recorded] = [samples.get(name) ?? [], samples.get(`${name}, recorded`) ?? []];
      return [
        name,
        {
          whole: difference(bare, recorded, wholeOf),
          before: difference(bare, recorded, beforeOf),
        },
      ];
    }),
  );
  const nodeMs = whole.node?.minMs ?? Number.NaN;
  const budgets = Object.entries(added).flatMap(([name, figures]) =>
    judgeProgram(name, figures.whole.minMs, figures.before.minMs, limits, nodeMs),
  );
  return { files, runs: samples.get('node')?.length ?? 0, whole, added, budgets };
}

function judgeProgram(
  name: string,
  wholeMs: number,
  beforeMs: number,
  limits: Limits,
  nodeMs: number,
): Budget[] {
  const allowedMs = Math.max(limits.wholeMs, (limits.nodeStarts ?? 0) * nodeMs);
  const ratio = limits.nodeStarts === null ? '' : ` or ${limits.nodeStarts} x Node`;
  const budgets = [
    {
      what: `added to ${name}`,
      foundMs: wholeMs,
      limit: `${limits.wholeMs} ms${ratio}`,
      kept: wholeMs <= allowedMs,
    },
  ];
  if (limits.beforeMs === null) return budgets;
  return [
    ...budgets,
    {
      what: `added before ${name} starts`,
      foundMs: beforeMs,
      limit: `${limits.beforeMs} ms`,
      kept: beforeMs <= limits.beforeMs,
    },
  ];
}

const wholeOf = ({ wholeMs }: Sample) => wholeMs;
const beforeOf = ({ beforeMs }: Sample) => beforeMs ?? Number.NaN;

function figure(values: number[]): Figure {
  return { minMs: minimum(values), medianMs: median(values) };
}

function difference(bare: Sample[], recorded: Sample[], value: (sample: Sample) => number): Figure {
  const [from, to] = [figure(bare.map(value)), figure(recorded.map(value))];
  return { minMs: to.minMs - from.minMs, medianMs: to.medianMs - from.medianMs };
}
