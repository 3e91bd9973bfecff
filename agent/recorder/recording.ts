import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldEvent } from '../core/fold.ts';
import type { Redactor } from '../core/redaction/redactor.ts';
import { messageOf } from '../protocol/errors.ts';
import type { JournalData, JournalEvent, JournalType } from '../protocol/journal.ts';
import { files } from '../protocol/names.ts';
import type { Config, RunRecord } from '../protocol/record.ts';
import type { JournalWriter } from '../store/journal.ts';

/**
 * A record while it is written: each line goes to the journal and into the record as it stands.
 * Once the program runs nothing here may throw: what could not be written is remembered in
 * `unwritten` and told at the end.
 */
export class Recording {
  readonly id: string;
  readonly folder: string;
  readonly unwritten = new Set<string>();
  record: RunRecord;
  /** The configuration as it was known before the program started. */
  readonly configAtLaunch: Config;
  lastHash: string;
  lastAppendMs = performance.now();
  readonly #writer: JournalWriter;
  readonly #redactor: Redactor;
  #isClosed = false;

  /** `atLaunch`: the record's first line, where an earlier recorder has written more since. */
  constructor(
    folder: string,
    writer: JournalWriter,
    record: RunRecord,
    lastHash: string,
    redactor: Redactor,
    atLaunch: RunRecord = record,
  ) {
    this.id = record.id;
    this.folder = folder;
    this.record = record;
    this.lastHash = lastHash;
    this.configAtLaunch = atLaunch.config;
    this.#writer = writer;
    this.#redactor = redactor;
  }

  append<T extends JournalType>(type: T, given: JournalData[T], options = { sync: false }): void {
    // Work that is still under way when the record is handed over is the next recorder's.
    if (this.#isClosed) return;
    const at = timestamp();
    // Whoever put it together has left out what it knew of; file names may hold a secret too.
    const data = this.#redactor.redactStrings(given, type);
    try {
      this.lastHash = this.#writer.append(type, data, at, options);
      this.lastAppendMs = performance.now();
    } catch (error) {
      this.unwritten.add(`a line of the journal (${type}): ${messageOf(error)}`);
    }
    const event = { type, at, data } as JournalEvent;
    this.record = foldEvent(this.record, event) ?? this.record;
  }

  /** Writes `record.json`, the record as one readable document: derived, so not synced. */
  writeDocument(): void {
    const path = join(this.folder, files.record);
    try {
      writeFileSync(`${path}.tmp`, `${JSON.stringify(this.record, null, 2)}\n`);
      renameSync(`${path}.tmp`, path);
    } catch (error) {
      this.unwritten.add(`${files.record}: ${messageOf(error)}`);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#writer.close();
  }
}

/** Now, RFC 3339 in UTC with milliseconds. */
export function timestamp(): string {
  return new Date().toISOString();
}
