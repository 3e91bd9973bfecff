/** What goes into `capture.data.detail`: a path, and what was wrong with it. */
export interface DataProblem {
  path: string;
  what: string;
}

const words: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'not there',
  ENOTDIR: 'not there',
  ELOOP: 'links that lead in a circle',
  ENOTREG: 'not a regular file',
  EISDIR: 'a folder',
  EIO: 'input/output error',
  ENAMETOOLONG: 'name too long',
  ESTALE: 'stale file handle',
  ECANCELED: 'hashing was stopped',
};

/** The system's word for an error, in words that a user knows. */
export function describeError(error: string, message: string): string {
  return words[error] ?? message;
}

const shownProblems = 5;

/** `a: permission denied; b: not there; and 3 more`, or null where nothing is wrong. */
export function describeProblems(problems: DataProblem[]): string | null {
  if (problems.length === 0) return null;
  const shown = problems.slice(0, shownProblems).map(({ path, what }) => `${path}: ${what}`);
  const more = problems.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
