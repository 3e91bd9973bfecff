import type { ProgramEvent } from '../core/program-events.ts';
import { heartbeatMs } from '../protocol/names.ts';
import type { EventTail } from './event-tail.ts';
import type { Observation } from './observed/observation.ts';
import type { OutputObserver } from './outputs/observer.ts';
import type { Recording } from './recording.ts';

/** A job of a multirun waits for its record, which is made at a look. */
const lookMs = 100;
/** Of a program that is done in a moment the first words are taken while it runs, not at its end. */
const firstLookMs = 50;

export interface AttendOptions {
  recording: Recording;
  tail: EventTail;
  observer: OutputObserver;
  /** What the program's processes say from inside. */
  observation: Observation;
  /** `offset`: bytes of the events file that are taken with these. */
  take(events: ProgramEvent[], offset: number): void;
}

/**
 * Keeps the record in step while its program runs: what the program says, what it writes, and a
 * heartbeat where nothing else was written for ten seconds.
 */
export class Attendance {
  readonly #options: AttendOptions;
  #timer: NodeJS.Timeout;
  readonly #started: Promise<void>;

  constructor(options: AttendOptions) {
    this.#options = options;
    this.#timer = setTimeout(() => {
      this.#timer = setInterval(() => this.#look(), lookMs);
      this.#look();
    }, firstLookMs);
    this.#started = options.observer.start();
  }

  #look(): void {
    const { recording, tail, take, observation } = this.#options;
    take(tail.read(), tail.offset);
    observation.look();
    if (performance.now() - recording.lastAppendMs >= heartbeatMs)
      recording.append('heartbeat', {});
  }

  /** Takes the program's last words: it is gone. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#started;
    const { tail, take, observation } = this.#options;
    take(tail.read(true), tail.offset);
    observation.look(true);
  }
}
