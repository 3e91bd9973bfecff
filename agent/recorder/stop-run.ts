import { messageOf, RunRecordError, systemCode } from '../protocol/errors.ts';
import type { RunRecord } from '../protocol/record.ts';
import { readExitFile, readProcessFile } from '../store/exit-file.ts';
import type { Layout } from '../store/layout.ts';
import { liveFolder } from './live.ts';
import { listLiveRuns } from './outputs/live-runs.ts';
import { hostName, isSameProcessAlive } from './process-identity.ts';

/** `false`: it had ended already. */
export type Stopped = boolean;

/**
 * Stops a run that goes on, as Ctrl-C in its terminal would; `force` ends the program at once. The
 * signal takes the way of a Ctrl-C, so that the record says `cancelled`: through the recorder, or
 * where that is gone through the keeper.
 *
 * @throws RunRecordError where the run is on another machine, or may not be signalled
 */
export function stopRun(layout: Layout, record: RunRecord, force: boolean): Stopped {
  const folder = layout.runFolder(record.id);
  const announced = listLiveRuns(liveFolder(layout)).find(({ id }) => id === record.id);
  const host = announced?.host ?? record.command.launcher.host;
  if (host !== null && host !== hostName) {
    throw new RunRecordError(
      'other-host',
      `The run goes on on ${host}, and can be stopped there only.`,
      `Press Ctrl-C in its terminal on ${host}.`,
    );
  }
  if (readExitFile(folder) !== null) return false;
  const known = readProcessFile(folder);
  const isThere = (one: Parameters<typeof isSameProcessAlive>[0] | null | undefined) =>
    one != null && isSameProcessAlive(one) === true;
  const { process: program, keeper } = known ?? { process: null, keeper: null };
  if (force && program !== null && isThere(program)) return send(-program.pid, program.pid);
  const asked = [announced?.recorder, keeper, program].find(isThere);
  return asked == null ? false : send(asked.pid, asked.pid, 'SIGINT');
}

/** To a process, or to the group that it leads (a negative number) where it leads one. */
function send(target: number, pid: number, signal: NodeJS.Signals = 'SIGKILL'): Stopped {
  try {
    process.kill(target, signal);
    return true;
  } catch (thrown) {
    if (systemCode(thrown) === 'ESRCH') return target === pid ? false : send(pid, pid, signal);
    throw new RunRecordError(
      'not-stopped',
      `The run cannot be stopped: ${messageOf(thrown)}.`,
      'Press Ctrl-C in its terminal.',
    );
  }
}
