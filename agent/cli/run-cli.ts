import { exitCodes } from '../protocol/names.ts';
import { ClosedPipe } from './closed-pipe.ts';
import type { CliDeps } from './deps.ts';
import { launchPlainly } from './launch-plainly.ts';
import { splitCommand } from './parse-launch.ts';
import { reportError } from './report-error.ts';

/**
 * The whole command line: does what the words ask (those after the program's own name) and
 * answers the exit code. Never throws, never exits; what it prints has been handed over when it
 * answers.
 */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<number> {
  // A reader that goes away (`| head`) is told by the write that fails, not by an event.
  for (const stream of [deps.stdout, deps.stderr]) stream.on('error', () => {});
  const isLaunch = argv[0] === 'run';
  const launched = isLaunch ? launchPlainly(argv, deps) : null;
  if (launched !== null) return launched;
  const { before, command } = takesCommand(argv[0])
    ? splitCommand(argv)
    : { before: [...argv], command: [] };
  try {
    return await runProgram(before, command, deps);
  } catch (thrown) {
    if (thrown instanceof ClosedPipe) return exitCodes.done;
    return reportError(thrown, deps, { json: before.includes('--json'), launch: isLaunch });
  }
}

const takesCommand = (verb: string | undefined): boolean => verb === 'run' || verb === 'check';

async function runProgram(args: string[], command: string[], deps: CliDeps): Promise<number> {
  const [{ CommanderError }, { createProgram, toUsageError }] = await Promise.all([
    import('commander'),
    import('./program.ts'),
  ]);
  let code: number = exitCodes.done;
  const program = createProgram(deps, {
    command,
    onExit: (exit) => {
      code = exit;
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    const error = toUsageError(thrown, args);
    if (error === null) return exitCodes.done;
    throw error;
  }
}
