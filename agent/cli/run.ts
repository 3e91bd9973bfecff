import type { CliDeps } from './deps.ts';
import { readLaunchOptions, usageError } from './options.ts';
import type { Parsed } from './parse-launch.ts';
import type { VerbInput } from './verb.ts';

/** `runrecord run`: records a run; exits as the program does. */
export async function launch(deps: Pick<CliDeps, 'launchRun'>, parsed: Parsed): Promise<number> {
  const asked = readLaunchOptions(parsed.operands, parsed.options, parsed.command);
  if (asked.named === null && asked.argv.length === 0) {
    throw usageError(
      'There is no command to run.',
      'Put it after --: runrecord run -- python train.py',
    );
  }
  return deps.launchRun(asked);
}

/** The same, from commander. */
export async function act(input: VerbInput): Promise<number> {
  return launch(input.deps, input);
}
