import type { CliDeps } from './deps.ts';
import { parseLaunch } from './parse-launch.ts';
import { reportError } from './report-error.ts';
import { launch } from './run.ts';

export type LaunchDeps = Pick<CliDeps, 'stderr' | 'environment' | 'launchRun'>;

/**
 * Does what `argv` (`run` and the words after it) asks, without commander and what prints tables, and
 * answers the exit code. Null where it is not asked plainly: commander then says what it has to say.
 */
export function launchPlainly(argv: readonly string[], deps: LaunchDeps): Promise<number> | null {
  const parsed = parseLaunch(argv.slice(1));
  if (parsed === null) return null;
  // A reader that goes away (`| head`) is told by the write that fails, not by an event.
  deps.stderr.on('error', () => {});
  return attempt(async () => launch(deps, parsed), deps);
}

async function attempt(work: () => Promise<number>, deps: LaunchDeps): Promise<number> {
  try {
    return await work();
  } catch (thrown) {
    return reportError(thrown, deps, { json: false, launch: true });
  }
}
