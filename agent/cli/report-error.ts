import { formatJson, makeVisible, makeVisibleLines } from '../core/text/visible.ts';
import { messageOf, RunRecordError, systemCode } from '../protocol/errors.ts';
import { exitCodes } from '../protocol/names.ts';
import type { CliDeps } from './deps.ts';

/** What to do about the errors of the system that a user can do something about. */
const actions: Record<string, string> = {
  ENOSPC: 'Free some space on that disk, then try again.',
  EDQUOT: 'Free some of your quota on that disk, then try again.',
  EACCES: 'Check who may read and write there, then try again.',
  EPERM: 'Check who may read and write there, then try again.',
  EROFS: 'The file system is read-only: work in a folder that can be written.',
  ENOENT: 'Check that the path exists, then try again.',
  EMFILE: 'Raise the limit of open files (ulimit -n), then try again.',
};

function toRunRecordError(thrown: unknown): RunRecordError {
  if (thrown instanceof RunRecordError) return thrown;
  const code = systemCode(thrown);
  const action = code === null ? undefined : actions[code];
  return action !== undefined && code !== null
    ? new RunRecordError(code.toLowerCase(), messageOf(thrown), action)
    : new RunRecordError(
        'internal',
        `Something went wrong inside runrecord: ${messageOf(thrown)}`,
        'Try again with RUNRECORD_DEBUG=1 to see where, and report it.',
      );
}

/**
 * Says on standard error what happened and what to do, and answers the exit code. `launch`: the
 * code of a run that did not start is 125, unless it has one of its own.
 */
export function reportError(
  thrown: unknown,
  deps: Pick<CliDeps, 'stderr' | 'environment'>,
  options: { json: boolean; launch: boolean },
): number {
  const error = toRunRecordError(thrown);
  const { code, message, action } = error;
  if (options.json) {
    deps.stderr.write(`${formatJson({ error: { code, message, action } })}\n`);
  } else {
    // The message is ours with names of the user's in it: one line, whatever they hold.
    const lines = [`runrecord: ${makeVisible(message)}`, ...makeVisibleLines(action)];
    deps.stderr.write(`${lines.join('\n')}\n`);
  }
  if ((deps.environment.RUNRECORD_DEBUG ?? '') !== '' && thrown instanceof Error) {
    deps.stderr.write(`${thrown.stack}\n`);
  }
  if (!options.launch) return error.exitCode;
  const launchCodes: readonly number[] = [
    exitCodes.usage,
    exitCodes.blocked,
    exitCodes.notExecutable,
    exitCodes.notFound,
  ];
  return launchCodes.includes(error.exitCode) ? error.exitCode : exitCodes.recorderFailed;
}
