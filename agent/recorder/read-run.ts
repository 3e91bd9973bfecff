import { foldEvent } from '../core/fold.ts';
import type { JournalEvent, JournalLine } from '../protocol/journal.ts';
import type { RunRecord } from '../protocol/record.ts';
import { readJournal } from '../store/journal-reader.ts';
import type { Layout } from '../store/layout.ts';
import { parseEvent } from '../store/parse-event.ts';

/** A run as its journal has it, and how far what goes beside it was taken. */
export function readRun(layout: Layout, id: string) {
  const { lines } = readJournal(layout.journal(id));
  let record: RunRecord | null = null;
  let atLaunch: RunRecord | null = null;
  for (const line of lines) {
    const event = parseEvent(line);
    if (event !== null && typeof event !== 'string')
      record = foldEvent(record, event as JournalEvent);
    atLaunch ??= record;
  }
  const isClosed = lines.some((line) => line.type === 'closed');
  return {
    record,
    atLaunch,
    isClosed,
    eventsOffset: offsetIn(lines),
    metricLines: metricLinesIn(lines),
  };
}

function offsetIn(lines: JournalLine[]): number {
  const taken = lines.findLast(
    ({ data }) => typeof data === 'object' && data !== null && 'eventsOffset' in data,
  );
  const offset = (taken?.data as { eventsOffset?: unknown } | undefined)?.eventsOffset;
  return typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0 ? offset : 0;
}

function metricLinesIn(lines: JournalLine[]): Record<string, number> {
  const taken = lines.findLast(
    ({ data }) => typeof data === 'object' && data !== null && 'observedLines' in data,
  );
  const counts = (taken?.data as { observedLines?: unknown } | undefined)?.observedLines;
  if (typeof counts !== 'object' || counts === null) return {};
  return Object.fromEntries(
    Object.entries(counts).filter(([, count]) => Number.isSafeInteger(count)),
  );
}
