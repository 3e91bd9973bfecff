import { type ProgramEvent, parseProgramEvent } from '../core/program-events.ts';
import { LineTail } from './line-tail.ts';

/** What the program appended to its events file since the last look, as events. */
export class EventTail {
  readonly #lines: LineTail;

  /** `offset`: bytes that were taken before. */
  constructor(path: string, offset = 0) {
    this.#lines = new LineTail(path, offset);
  }

  /** Bytes of the file that were taken, as whole lines. */
  get offset(): number {
    return this.#lines.offset;
  }

  /** `final`: a last line without its end counts too. */
  read(final = false): ProgramEvent[] {
    const events: ProgramEvent[] = [];
    for (const line of this.#lines.read(final)) {
      const event = parseProgramEvent(line.toString('utf8'));
      if (event !== null) events.push(event);
    }
    return events;
  }
}
