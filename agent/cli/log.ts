import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { formatSize } from '../core/text/size.ts';
import { makeVisible } from '../core/text/visible.ts';
import { exitCodes, files } from '../protocol/names.ts';
import type { RunRecord } from '../protocol/record.ts';
import type { Records } from './deps.ts';
import { readRecord } from './diff.ts';
import type { Output } from './output.ts';
import type { VerbInput } from './verb.ts';

const pollMs = 200;
const open: readonly string[] = ['preparing', 'queued', 'running'];

/** `runrecord log`: what the program printed, byte for byte. */
export async function act({ deps, output, operands, options }: VerbInput): Promise<number> {
  const records = await deps.openRecords();
  try {
    const record = readRecord(records, operands[0] ?? '');
    const path = join(records.runFolder(record.id), files.log);
    if (output.json) {
      await output.printJson(await describeLog(record, path));
      return exitCodes.done;
    }
    const follow = options.follow === true;
    const printed = { record, end: await printFrom(path, 0, output) };
    if (follow) await followLog(records, path, printed, output);
    return sayWhatIsMissing(printed, output) ? exitCodes.done : exitCodes.failed;
  } finally {
    records.close();
  }
}

async function describeLog(record: RunRecord, path: string): Promise<unknown> {
  const { log, logAbsent } = record.lifecycle;
  const found = await lstat(path).catch(() => null);
  if (found === null)
    return { path: null, sizeBytes: null, truncated: false, absent: logAbsent ?? null };
  return { path, sizeBytes: found.size, truncated: log?.truncated ?? false };
}

/** Prints the file from an offset; answers the offset after the last byte, null without a file. */
async function printFrom(path: string, start: number, output: Output): Promise<number | null> {
  const found = await lstat(path).catch(() => null);
  if (found === null || !found.isFile()) return null;
  if (found.size <= start) return start;
  // Up to the size of now: a program that prints faster than we do must not keep us here.
  for await (const bytes of createReadStream(path, { start, end: found.size - 1 })) {
    await output.printBytes(bytes as Buffer);
  }
  return found.size;
}

/** How far a log was printed (null: there was none), and its run as it was then. */
interface Printed {
  record: RunRecord;
  end: number | null;
}

/** Prints what is added until the run has ended. */
async function followLog(
  records: Records,
  path: string,
  printed: Printed,
  output: Output,
): Promise<void> {
  while (open.includes(printed.record.lifecycle.status)) {
    await wait(pollMs);
    records.refresh();
    printed.record = records.record(printed.record.id) ?? printed.record;
    // Read after the state: what was printed before the end is then all there.
    printed.end = (await printFrom(path, printed.end ?? 0, output)) ?? printed.end;
  }
}

/** Says what the log lacks; false where there is none. */
function sayWhatIsMissing({ record, end }: Printed, output: Output): boolean {
  const { log, logAbsent } = record.lifecycle;
  if (end === null) {
    const gone = log === null ? '' : "the file is gone from the run's folder";
    const why = makeVisible(logAbsent ?? gone);
    output.say(`There is no log of this run${why === '' ? '.' : `: ${why}`}`);
    return false;
  }
  if (log?.truncated) {
    output.say(`The log was cut at ${formatSize(log.sizeBytes)}: the program printed more.`);
  }
  return true;
}
