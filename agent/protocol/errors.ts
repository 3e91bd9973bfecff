/**
 * An error that a user sees: what happened, and what to do about it. `code` is a stable kebab-case
 * word for scripts; `exitCode` is what the command line exits with.
 */
export class RunRecordError extends Error {
  readonly code: string;
  readonly action: string;
  readonly exitCode: number;

  constructor(code: string, message: string, action: string, exitCode = 1) {
    super(message);
    this.name = 'RunRecordError';
    this.code = code;
    this.action = action;
    this.exitCode = exitCode;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `errno` word of a system error (`ENOSPC`), or null. */
export function systemCode(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}
