// Runs inside the extension host, in place of a person: VS Code calls `run` when it is ready.
import Mocha from 'mocha';
import { type Inside, insideVariable } from './inside-options.ts';

/** Resolves when the last test is over; what failed is in the results. */
export function run(): Promise<void> {
  const { suites, timeoutMs, grep, reporter, results, output } = JSON.parse(
    process.env[insideVariable] ?? '',
  ) as Inside;
  const mocha = new Mocha({
    timeout: timeoutMs,
    forbidOnly: true,
    diff: false,
    reporter,
    reporterOptions: { results, output },
    ...(grep === null ? {} : { grep }),
  });
  for (const suite of suites) {
    mocha.suite.emit('pre-require', globalThis, suite, mocha);
    require(suite);
  }
  return new Promise((resolve) => mocha.run(() => resolve()));
}
