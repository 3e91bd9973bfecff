import type { Redaction } from '../../protocol/record.ts';
import type { Recording } from '../recording.ts';
import type { Taker } from './observation.ts';
import type { Observed } from './observed-tail.ts';

/** Takes down what was left out inside the program before it was said. */
export class RedactionTaker implements Taker {
  readonly #recording: Recording;
  #waiting: Redaction[] = [];

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  take({ line }: Observed): void {
    if (line.t === 'redacted') this.#waiting.push({ where: line.where, rule: line.rule });
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#recording.append('config', { config: {}, redactions: this.#waiting });
    this.#waiting = [];
  }
}
