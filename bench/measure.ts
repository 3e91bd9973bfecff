import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Subject {
  name: string;
  command: string;
  args: string[];
  cwd: string;
}

/** One start of a command. */
export interface Sample {
  /** From the start of the process until it has ended. */
  wholeMs: number;
  /** Until the clock that the program printed first; null where it printed none. */
  beforeMs: number | null;
}

export type Samples = Map<string, Sample[]>;

/**
 * Runs the subjects in turn (A B C A B C ...), so that what disturbs the machine disturbs all;
 * the first turn warms the caches and is not counted.
 */
export async function measure(subjects: Subject[], turns: number): Promise<Samples> {
  const samples: Samples = new Map(subjects.map(({ name }) => [name, []]));
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const subject of subjects) {
      const sample = await sampleOnce(subject);
      if (turn > 0) samples.get(subject.name)?.push(sample);
      // What a recorder still does after it has returned is not the next one's burden.
      await sleep(100);
    }
  }
  return samples;
}

async function sampleOnce({ name, command, args, cwd }: Subject): Promise<Sample> {
  const outputPath = join(tmpdir(), `bench-${process.pid}.out`);
  const output = openSync(outputPath, 'w+');
  try {
    const startedNs = BigInt(Date.now()) * 1_000_000n;
    const offsetMs = performance.now();
    const startedMs = performance.timeOrigin + offsetMs;
    const child = spawn(command, args, { cwd, stdio: ['ignore', output, output] });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    const wholeMs = performance.now() - offsetMs;
    const printed = readFileSync(outputPath, 'utf8');
    if (code !== 0) throw new Error(`${name} ended with ${code}:\n${printed}`);
    // The program's clock and ours are the same; only a line of 19 digits is that of a program.
    const clock = /^(\d{19})$/m.exec(printed)?.[1];
    const plausible = clock !== undefined && BigInt(clock) >= startedNs - 1_000_000_000n;
    return { wholeMs, beforeMs: plausible ? Number(clock) / 1e6 - startedMs : null };
  } finally {
    closeSync(output);
    rmSync(outputPath, { force: true });
  }
}

export function minimum(values: number[]): number {
  return Math.min(...values);
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return (low + high) / 2;
}
