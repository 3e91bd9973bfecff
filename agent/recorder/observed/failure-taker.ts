import type { Redactor } from '../../core/redaction/redactor.ts';
import type { Failure } from '../../protocol/record.ts';
import type { MainProcess } from './main-process.ts';
import type { Taker } from './observation.ts';
import type { Observed } from './observed-tail.ts';

/** Remembers the exception that nobody caught, of the process that was started. */
export class FailureTaker implements Taker {
  readonly #main: MainProcess;
  readonly #redactor: Redactor;
  readonly #exceptions = new Map<string, Failure>();

  constructor(main: MainProcess, redactor: Redactor) {
    this.#main = main;
    this.#redactor = redactor;
  }

  take({ process, line }: Observed): void {
    if (line.t !== 'exception') return;
    const text = (value: string) => this.#redactor.redactText(value, 'lifecycle.failure');
    const message = line.message === '' ? line.kind : `${line.kind}: ${line.message}`;
    this.#exceptions.set(process, {
      kind: 'exception',
      message: text(message),
      traceback: text(line.traceback).trimEnd(),
    });
  }

  /** Null where none was seen. */
  get exception(): Failure | null {
    const { process } = this.#main;
    return (process === null ? undefined : this.#exceptions.get(process)) ?? null;
  }
}
