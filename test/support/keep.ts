// Uses the keeper as the recorder does, without capturing anything:
//   node test/support/keep.ts OPTIONS -- COMMAND
// with OPTIONS a JSON object: folder (must exist), log (false: inherit), limitBytes, secrets,
// rules, finish, ignored, environment, stay (do not leave before all is quiet), report (a file
// for what the keeper said), goAfterMs. Exits as the program did.
import { appendFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { type Exit, type KeeperSpec, startKeeper } from '../../agent/recorder/keeper.ts';

const [options = '{}', , ...argv] = process.argv.slice(2);
const { folder, log, limitBytes, report, stay, environment, ...rest } = {
  folder: '.',
  log: true,
  limitBytes: 1 << 20,
  secrets: [],
  rules: [],
  finish: null,
  ...JSON.parse(options),
} as Partial<KeeperSpec> & {
  folder: string;
  limitBytes: number;
  report?: string;
  stay?: boolean;
};

function say(kind: string, value: unknown): void {
  if (report !== undefined) appendFileSync(report, `${JSON.stringify({ kind, value })}\n`);
}

function exitCodeOf(exit: Exit): number {
  if (!exit.known) return 125;
  if (exit.signal === null) return exit.exitCode ?? 125;
  return 128 + (constants.signals[exit.signal as NodeJS.Signals] ?? 0);
}

const keeper = startKeeper({
  ...(rest as Pick<KeeperSpec, 'secrets' | 'rules' | 'finish'>),
  argv,
  cwd: process.cwd(),
  environment: { ...process.env, ...environment },
  folder,
  log: log ? { path: join(folder, 'output.log'), limitBytes } : null,
});

const launched = await keeper.go();
say('launched', launched);
if (launched.kind === 'launch-failure') {
  process.stderr.write(`${launched.message}\n`);
  process.exit(launched.exitCode);
}
const exit = await keeper.ended;
say('ended', { ...exit, wasInterrupted: keeper.interrupted, logAbsent: keeper.logAbsent });
if (stay || (exit.known && !exit.leftRunning)) {
  say('quiet', await keeper.quiet);
  keeper.release();
}
say('troubles', keeper.troubles);
process.exit(exitCodeOf(exit));
