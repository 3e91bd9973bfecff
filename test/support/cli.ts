import { Writable } from 'node:stream';
import type { CliDeps, Stream } from '../../agent/cli/deps.ts';
import { openRecords } from '../../agent/cli/open-records.ts';
import { runCli } from '../../agent/cli/run-cli.ts';
import { testNow } from './records.ts';

/** What the command line printed, and what it exits with. */
export interface Printed {
  stdout: string;
  stderr: string;
  code: number;
}

/** Keeps what is written to it; a terminal of this width where one is given. */
function makeStream(columns: number | null): { stream: Stream; text(): string } {
  const chunks: Buffer[] = [];
  const stream: Stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  if (columns !== null) Object.assign(stream, { isTTY: true, columns });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

/** Runs the command line on the records of a folder, at the fixed time of the tests. */
export async function runOn(
  cwd: string,
  args: readonly string[],
  options: {
    environment?: Record<string, string>;
    terminal?: number;
    deps?: Partial<CliDeps>;
  } = {},
): Promise<Printed> {
  const out = makeStream(options.terminal ?? null);
  const err = makeStream(null);
  const missing = (what: string) => () => {
    throw new Error(`${what} is no part of this test`);
  };
  const code = await runCli(args, {
    stdout: out.stream,
    stderr: err.stream,
    environment: options.environment ?? {},
    cwd,
    version: '0.0.0',
    now: () => testNow,
    newId: () => '019a8f0e-7a54-7c3e-9d51-00000000abcd',
    openRecords: async () =>
      openRecords({
        cwd,
        // No process of the fixtures lives.
        probe: { identifyProcess: () => null, isAlive: () => false },
        notice: (text) => err.stream.write(`${text}\n`),
      }),
    author: async () => ({ name: 'Ada', email: 'ada@example.org', kind: 'person', identity: null }),
    redact: async (text) => text,
    launchRun: missing('launching'),
    checkLaunch: missing('checking a launch'),
    compareCode: missing('comparing code'),
    verifyRuns: missing('verifying'),
    reindex: missing('reindexing'),
    recover: missing('recovering'),
    prune: missing('pruning'),
    serve: missing('serving'),
    ...options.deps,
  });
  return { stdout: out.text(), stderr: err.text(), code };
}
