import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunRecord } from '../../agent/protocol/record.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const door = join(root, 'dist/runrecord.cjs');

/** What a command printed, and how it ended. */
export interface Finished {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** A project on disk, with a real repository where wanted, that the built command line works on. */
export class Workspace {
  readonly root: string;

  /** `files`: content by path; one that begins with `#!` can be executed. `root`: where, if not anywhere. */
  constructor(files: Record<string, string>, options: { git?: boolean; root?: string } = {}) {
    if (options.root !== undefined) mkdirSync(options.root, { recursive: true });
    this.root = realpathSync(options.root ?? mkdtempSync(join(tmpdir(), 'workspace-')));
    for (const [path, content] of Object.entries(files)) this.write(path, content);
    if (options.git === false) return;
    this.git('init', '--quiet', '--initial-branch=main');
    this.git('config', 'user.name', 'Ada');
    this.git('config', 'user.email', 'ada@example.org');
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message=first');
  }

  write(path: string, content: string): void {
    const absolute = join(this.root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
    if (content.startsWith('#!')) chmodSync(absolute, 0o755);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }

  /** Starts `runrecord`; standard input is empty unless told otherwise. */
  start(args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    return spawn(process.execPath, [door, ...args], {
      cwd: this.root,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
      env: { ...process.env, ...options.env },
    });
  }

  run(args: readonly string[], options: SpawnOptions = {}): Promise<Finished> {
    return finish(this.start(args, options));
  }

  /** Records a run; answers what it printed, and its record. */
  async record(
    args: readonly string[],
    options: SpawnOptions = {},
  ): Promise<Finished & { record: RunRecord }> {
    const file = join(this.root, '..', `${Date.now()}-${Math.random()}.id`);
    const finished = await this.run(['run', '--record-file', file, ...args], options);
    const id = readFileSync(file, 'utf8').trim();
    rmSync(file);
    return { ...finished, record: await this.show(id) };
  }

  async show(ref: string): Promise<RunRecord> {
    const { code, stdout, stderr } = await this.run(['show', ref, '--json']);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as RunRecord;
  }

  async query(sql: string): Promise<Record<string, unknown>[]> {
    const { code, stdout, stderr } = await this.run(['query', sql, '--json']);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Record<string, unknown>[];
  }

  /** Ids of the runs that have a folder, oldest first. */
  runs(): string[] {
    try {
      return readdirSync(join(this.root, '.runrecord/runs')).sort();
    } catch {
      return [];
    }
  }

  /** Content of everything below `.runrecord` that is text or not, in one string. */
  allKept(): string {
    const entries = readdirSync(join(this.root, '.runrecord'), {
      withFileTypes: true,
      recursive: true,
    });
    const kept = entries.filter((entry) => entry.isFile());
    return kept
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

export function finish(child: ChildProcess): Promise<Finished> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((done) =>
    child.on('close', (code, signal) =>
      done({
        code,
        signal,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      }),
    ),
  );
}

/** Waits until `look` answers something other than null, undefined or false. */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string,
  longestMs = 30_000,
): Promise<Exclude<NonNullable<T>, false>> {
  const endMs = performance.now() + longestMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) {
      return found as Exclude<NonNullable<T>, false>;
    }
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what}`);
    await wait(50);
  }
}
