import { messageOf, RunRecordError, systemCode } from '../protocol/errors.ts';
import { exitCodes } from '../protocol/names.ts';

/** Whether there was no room: a full disk, a spent quota, or a limit on the size of files. */
export function isDiskFull(thrown: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(systemCode(thrown) ?? '');
}

/** The launch part could not be made durable, so the program is not started. */
export function launchNotKept(path: string, thrown: unknown): RunRecordError {
  const code = systemCode(thrown) ?? '';
  const actions: Record<string, string> = {
    ENOSPC: 'Free some space on that disk and launch again.',
    EDQUOT: 'Free some of your quota on that disk and launch again.',
    EROFS: 'Record from a folder that can be written to.',
    EACCES: 'Make the folder writable for you and launch again.',
    EPERM: 'Make the folder writable for you and launch again.',
  };
  return new RunRecordError(
    'launch-not-kept',
    `The launch could not be recorded in ${path}: ${messageOf(thrown)}. The program was not started.`,
    actions[code] ?? 'Check the disk and launch again.',
    exitCodes.recorderFailed,
  );
}
