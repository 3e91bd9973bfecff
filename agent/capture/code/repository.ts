import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { GitError, git } from '../git.ts';
import { type GitConfig, readGitConfig } from './git-config.ts';

/** A repository with a working tree, as git itself finds it. Absolute paths. */
export interface Worktree {
  /** The top of the working tree, as git resolves it. */
  top: string;
  /** HEAD and index lie here: `.git`, or a folder of its own for a linked worktree or submodule. */
  gitDir: string;
  /** Objects and refs lie here. */
  commonDir: string;
  objectFormat: 'sha1' | 'sha256';
  config: GitConfig;
}

export type Found =
  | { kind: 'worktree'; worktree: Worktree }
  | { kind: 'none' }
  | { kind: 'bare' }
  | { kind: 'refused'; reason: string };

/** The repository that `cwd` is in. Fails only where git cannot be run. */
export async function findRepository(cwd: string): Promise<Found> {
  // Both need a process: side by side they cost one.
  const [places, config] = await Promise.all([
    git(
      [
        'rev-parse',
        '--is-bare-repository',
        '--is-inside-work-tree',
        '--show-object-format',
        '--git-common-dir',
        '--absolute-git-dir',
        '--show-toplevel',
      ],
      { cwd },
    ).catch((error: unknown) => error),
    readGitConfig(cwd),
  ]);
  if (places instanceof GitError) return whyNot(places);
  if (!Buffer.isBuffer(places)) throw places;
  const [, , format, common, gitDir, ...top] = places.toString('utf8').slice(0, -1).split('\n');
  if (format === undefined || common === undefined || gitDir === undefined) return { kind: 'none' };
  // A name with a newline shifts the lines: ask for each alone.
  const exact = top.length === 1 ? null : await askOneByOne(cwd);
  return {
    kind: 'worktree',
    worktree: {
      top: exact?.top ?? top[0] ?? cwd,
      gitDir: exact?.gitDir ?? gitDir,
      commonDir: resolve(cwd, exact?.commonDir ?? common),
      objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
      config,
    },
  };
}

async function askOneByOne(cwd: string) {
  const ask = async (what: string) =>
    (await git(['rev-parse', what], { cwd })).toString('utf8').slice(0, -1);
  return {
    top: await ask('--show-toplevel'),
    gitDir: await ask('--absolute-git-dir'),
    commonDir: await ask('--git-common-dir'),
  };
}

function whyNot(error: GitError): Found {
  if (error.stderr.includes('dubious ownership')) {
    return {
      kind: 'refused',
      reason: `${firstLine(error.message)}; if you trust it: git config --global --add safe.directory <its folder>`,
    };
  }
  if (error.stderr.includes('not a git repository')) return { kind: 'none' };
  // Lines that came before the failure: bare, or inside of a `.git` folder.
  const [bare, inside] = error.stdout.toString('utf8').split('\n');
  if (bare === 'true' || inside === 'false') return { kind: 'bare' };
  return { kind: 'refused', reason: firstLine(error.message) };
}

/** The first line, with what it announces (`unknown repository extension found:`). */
function firstLine(text: string): string {
  const [first = '', second = ''] = text.split('\n');
  return first.endsWith(':') ? `${first} ${second.trim()}` : first;
}

/** Tells one repository from another that was made in its place. */
export function identityOf(worktree: Worktree): string {
  const { dev, ino } = statSync(worktree.commonDir);
  return [worktree.top, worktree.gitDir, worktree.commonDir, dev, ino].join('\0');
}
