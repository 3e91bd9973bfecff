import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type CodeOptions, captureCode } from '../../agent/capture/code/capture-code.ts';
import type { Captured } from '../../agent/core/seams.ts';
import type { Code } from '../../agent/protocol/record.ts';

/** Real repositories in a temporary folder, for the tests of the code capture. */
export interface Fixture {
  /** The temporary folder. */
  root: string;
  /** The repository in it. */
  repo: string;
  objects: Map<string, Buffer>;
  git: (...args: string[]) => string;
  gitIn: (cwd: string, ...args: string[]) => string;
  write: (path: string | Buffer, content: string | Uint8Array, mode?: number) => void;
  commit: (message?: string) => string;
  capture: (overrides?: Partial<CodeOptions>) => Promise<Captured<Code> & { runId: string }>;
  /** Runs the recipe of docs/restore.md; answers the files that came back. */
  restore: (runId: string, repository?: string) => Map<string, string>;
  close: () => void;
}

const isolated = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  GIT_ALLOW_PROTOCOL: 'file',
};

/** Makes a folder with a repository of one commit, or without one (`init: false`). */
export function createFixture(options: { init?: boolean; initArgs?: string[] } = {}): Fixture {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'runrecord-code-')));
  const repo = join(root, 'repo');
  mkdirSync(repo);
  const before = new Map(Object.keys(isolated).map((name) => [name, process.env[name]]));
  Object.assign(process.env, isolated);
  const gitIn = (cwd: string, ...args: string[]) =>
    execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const git = (...args: string[]) => gitIn(repo, ...args);
  const write: Fixture['write'] = (path, content, mode = 0o644) => {
    const file = Buffer.concat([Buffer.from(`${repo}/`), Buffer.from(path)]);
    mkdirSync(file.subarray(0, file.lastIndexOf('/')), { recursive: true });
    writeFileSync(file, content, { mode });
  };
  const commit: Fixture['commit'] = (message = 'work') => {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', message);
    return git('rev-parse', 'HEAD').trim();
  };
  const objects = new Map<string, Buffer>();
  if (options.init !== false) {
    git('init', '--quiet', '--initial-branch=main', ...(options.initArgs ?? []));
    mkdirSync(join(repo, '.runrecord', 'cache'), { recursive: true });
    write('.runrecord/.gitignore', '*\n');
  }
  return {
    root,
    repo,
    objects,
    git,
    gitIn,
    write,
    commit,
    capture: async (overrides = {}) => {
      const runId = overrides.runId ?? randomUUID();
      const captured = await captureCode({
        workspaceRoot: repo,
        cwd: repo,
        runId,
        createdAt: '2026-03-01T12:00:00.000Z',
        outputs: ['out'],
        data: [],
        ignore: [],
        snapshotFileLimit: 10_000_000,
        cacheFolder: join(repo, '.runrecord', 'cache'),
        digestFile: async (file) => sha256(readFileSync(file)),
        keepObject: (bytes) => {
          const digest = sha256(bytes);
          objects.set(digest, Buffer.from(bytes));
          return digest;
        },
        programFiles: [],
        ...overrides,
      });
      return { ...captured, runId };
    },
    restore: (runId, repository = repo) => {
      const folder = mkdtempSync(join(root, 'restored-'));
      execFileSync('sh', ['-eu', '-c', restoreRecipe()], {
        cwd: root,
        env: { ...process.env, repository, run: runId, folder },
      });
      return readFiles(folder);
    },
    close: () => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The one `sh` block of docs/restore.md. */
function restoreRecipe(): string {
  const doc = readFileSync(resolve(import.meta.dirname, '../../docs/restore.md'), 'utf8');
  const recipe = /```sh\n([\s\S]*?)```/.exec(doc)?.[1];
  if (recipe === undefined) throw new Error('docs/restore.md has no recipe');
  return recipe;
}

/** Every file below a folder: path (latin1) to kind, executable bit and content. */
export function readFiles(folder: string, except: (path: string) => boolean = () => false) {
  const files = new Map<string, string>();
  const walk = (path: Buffer, name: string) => {
    for (const entry of readdirSync(path, { encoding: 'buffer' })) {
      const below = name === '' ? entry.toString('latin1') : `${name}/${entry.toString('latin1')}`;
      if (/(^|\/)\.git$/.test(below) || /(^|\/)\.runrecord$/.test(below) || except(below)) continue;
      const file = Buffer.concat([path, Buffer.from('/'), entry]);
      const stat = lstatSync(file);
      if (stat.isDirectory()) walk(file, below);
      else if (stat.isSymbolicLink()) files.set(below, `link ${readlinkSync(file)}`);
      else {
        const kind = (stat.mode & 0o100) === 0 ? 'file' : 'executable';
        files.set(below, `${kind} ${readFileSync(file).toString('latin1')}`);
      }
    }
  };
  walk(Buffer.from(folder), '');
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** All of a git directory but objects and our refs, and the times of the working tree. */
export function observe(fixture: Fixture, gitDir = join(fixture.repo, '.git')): string[] {
  const lines: string[] = [];
  const walk = (path: string, isGit: boolean) => {
    for (const entry of readdirSync(path, { withFileTypes: true, encoding: 'buffer' })) {
      const name = entry.name.toString('latin1');
      const file = join(path, entry.name.toString('utf8'));
      if (isGit && /\/(objects|refs\/runrecord)$/.test(file)) continue;
      if (!isGit && (name === '.git' || name === '.runrecord')) continue;
      const stat = lstatSync(file, { bigint: true, throwIfNoEntry: false });
      if (stat === undefined) continue;
      // A new ref makes a folder in `refs`: times of folders tell nothing there.
      const time = stat.isDirectory() ? '' : `${stat.mtimeNs}`;
      const content = stat.isFile() ? sha256(readFileSync(file)) : '';
      lines.push(`${file} ${stat.mode} ${time} ${content}`);
      if (stat.isDirectory()) walk(file, isGit);
    }
  };
  walk(gitDir, true);
  if (dirname(gitDir) === fixture.repo) walk(fixture.repo, false);
  return lines.sort();
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
