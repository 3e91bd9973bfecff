import type { BytePath } from '../byte-path.ts';
import { GitError, git } from '../git.ts';
import type { Worktree } from './repository.ts';
import { splitZero } from './zero-terminated.ts';

/** One changed file as `git status` tells it. */
export interface StatusEntry {
  path: BytePath;
  kind: 'modified' | 'added' | 'deleted' | 'renamed' | 'typechange';
  from: BytePath | null;
  staged: boolean;
  unstaged: boolean;
}

export interface Status {
  /** Null before the first commit. */
  commit: string | null;
  /** Null where HEAD is detached. */
  branch: string | null;
  upstream: { name: string; ahead: number | null; behind: number | null } | null;
  entries: StatusEntry[];
  /** Not ignored; a nested repository is one path that ends with `/`. */
  untracked: BytePath[];
  /** What could not be looked at, in git's words. */
  warnings: string[];
}

/**
 * What changed since HEAD, by `git status` on a copy of the user's index, which it may refresh: a
 * tree that was copied has no valid stats, and reading all of it once is enough.
 */
export async function readStatus(worktree: Worktree, indexFile: string): Promise<Status> {
  const run = async (settings: string[], further: string[]): Promise<Status> => {
    const warnings: string[] = [];
    const output = await git(
      [
        ...settings,
        // However little the user lets git trust: a change must not go unseen.
        '-c',
        'core.trustctime=true',
        '-c',
        'core.checkStat=default',
        'status',
        '--porcelain=v2',
        '--branch',
        '-z',
        '--untracked-files=all',
        // Inside a submodule git would refresh the submodule's own index; we capture those ourselves.
        '--ignore-submodules=dirty',
        ...further,
      ],
      {
        cwd: worktree.top,
        env: { GIT_INDEX_FILE: indexFile, GIT_OPTIONAL_LOCKS: '1' },
        onWarning: (text) => warnings.push(...text.split('\n').filter(isLoss)),
      },
    );
    return { ...parseStatus(output), warnings };
  };
  try {
    return await run([], ['--renames']);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // A clean filter that fails or is missing, or a partial clone without the blob that was renamed.
    const status = await run(withoutFilters(worktree), ['--no-renames']);
    status.warnings.push(`${error.message.split('\n')[0]} (told without filters and renames)`);
    return status;
  }
}

/** Of the warnings only this one means that files were not seen. */
function isLoss(line: string): boolean {
  return line.includes('could not open directory');
}

function withoutFilters(worktree: Worktree): string[] {
  const settings: string[] = [];
  for (const key of worktree.config.keys()) {
    const driver = /^(filter\..*)\.(?:clean|process|required)$/s.exec(key)?.[1];
    if (driver === undefined) continue;
    settings.push(
      '-c',
      `${driver}.clean=`,
      '-c',
      `${driver}.process=`,
      '-c',
      `${driver}.required=false`,
    );
  }
  return settings;
}

/** Reads `git status --porcelain=v2 --branch -z`. */
function parseStatus(output: Buffer): Omit<Status, 'warnings'> {
  const status: Omit<Status, 'warnings'> = {
    commit: null,
    branch: null,
    upstream: null,
    entries: [],
    untracked: [],
  };
  const parts = splitZero(output);
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? '';
    const type = part[0];
    if (type === '#') readHeader(part, status);
    else if (type === '?') status.untracked.push(afterFields(part, 1));
    else if (type === '1') status.entries.push(entryOf(part, afterFields(part, 8), null));
    else if (type === 'u') status.entries.push(conflict(afterFields(part, 10)));
    else if (type === '2') {
      // The name before is a part of its own.
      at += 1;
      status.entries.push(entryOf(part, afterFields(part, 9), parts[at] ?? null));
    }
  }
  return status;
}

function readHeader(line: string, status: Omit<Status, 'warnings'>): void {
  const [, name, ...rest] = line.split(' ');
  const value = Buffer.from(rest.join(' '), 'latin1').toString('utf8');
  if (name === 'branch.oid') status.commit = value === '(initial)' ? null : value;
  if (name === 'branch.head') status.branch = value === '(detached)' ? null : value;
  if (name === 'branch.upstream') status.upstream = { name: value, ahead: null, behind: null };
  const counts = name === 'branch.ab' ? /^\+(\d+) -(\d+)$/.exec(value) : null;
  if (counts !== null && status.upstream !== null) {
    status.upstream.ahead = Number(counts[1]);
    status.upstream.behind = Number(counts[2]);
  }
}

/** What follows the first `count` fields: the path, which may hold spaces. */
function afterFields(line: string, count: number): BytePath {
  let at = 0;
  for (let n = 0; n < count; n += 1) at = line.indexOf(' ', at) + 1;
  return line.slice(at) as BytePath;
}

function conflict(path: BytePath): StatusEntry {
  return { path, kind: 'modified', from: null, staged: true, unstaged: true };
}

function entryOf(line: string, path: BytePath, source: BytePath | null): StatusEntry {
  const staged = line[2] ?? '.';
  const unstaged = line[3] ?? '.';
  const letters = staged + unstaged;
  // A copy leaves its source alone: the new file was added.
  const renamed = letters.includes('R');
  return {
    path,
    kind: kindOf(letters, renamed),
    from: renamed ? source : null,
    staged: staged !== '.',
    unstaged: unstaged !== '.',
  };
}

function kindOf(letters: string, renamed: boolean): StatusEntry['kind'] {
  if (renamed) return 'renamed';
  if (letters === 'DA') return 'modified';
  if (/[AC]/.test(letters)) return 'added';
  if (letters.includes('D')) return 'deleted';
  return letters.includes('T') ? 'typechange' : 'modified';
}
