import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ObservedFact, ObservedLine } from '../../../agent/core/observed/observed-line.ts';
import { parseObservedLine } from '../../../agent/core/observed/parse-observed-line.ts';
import {
  observedFolder,
  openObservedFolder,
  pythonSite,
} from '../../../agent/recorder/observed/observed-folder.ts';
import { workspaceLayout } from '../../../agent/store/layout.ts';
import { writeTree } from './write-tree.ts';

export interface Ran {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

type OfType<T> = Extract<ObservedFact, { t: T }>;

/** A folder with a run in it whose programs are observed from inside, without a recorder. */
export class Hooked {
  readonly root: string;
  readonly runFolder: string;
  readonly observed: string;

  constructor(files: Record<string, string> = {}, secretNames: string[] = []) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'hooked-')));
    const layout = workspaceLayout(this.root);
    this.runFolder = layout.runFolder('run-1');
    mkdirSync(this.runFolder, { recursive: true });
    openObservedFolder(layout, 'run-1', secretNames);
    this.observed = observedFolder(this.runFolder);
    this.write(files);
  }

  /** As it was made, but for what was observed. */
  reset(files: Record<string, string>): void {
    for (const name of readdirSync(this.root)) {
      if (name !== '.runrecord') rmSync(join(this.root, name), { recursive: true, force: true });
    }
    this.write(files);
  }

  write(files: Record<string, string>): void {
    writeTree(this.root, files);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  path(name: string): string {
    return join(this.root, name);
  }

  /** What the recorder gives to the program. */
  get environment(): Record<string, string> {
    return {
      RUNRECORD_RUN_ID: 'run-1',
      RUNRECORD_DIR: this.runFolder,
      RUNRECORD_EVENTS: join(this.runFolder, 'events.jsonl'),
    };
  }

  run(command: string[], environment: Record<string, string> = {}): Ran {
    const path = environment.PYTHONPATH;
    return this.#spawn(command, {
      ...environment,
      ...this.environment,
      PYTHONPATH: path === undefined ? pythonSite() : pythonSite() + delimiter + path,
    });
  }

  /** The same without us. */
  runPlain(command: string[], environment: Record<string, string> = {}): Ran {
    return this.#spawn(command, environment);
  }

  #spawn(command: string[], environment: Record<string, string>): Ran {
    const [program = '', ...args] = command;
    const { status, signal, stdout, stderr } = spawnSync(program, args, {
      cwd: this.root,
      env: { ...process.env, ...environment },
      encoding: 'utf8',
      timeout: 50_000,
    });
    return { code: status, signal, stdout, stderr };
  }

  /** All lines, process by process; a line that the recorder would not take is an error. */
  lines(): ObservedLine[] {
    return this.files().flatMap((name) =>
      readFileSync(join(this.observed, name), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const parsed = parseObservedLine(line);
          if (parsed === null) throw new Error(`not an observed line: ${line}`);
          return parsed;
        }),
    );
  }

  files(): string[] {
    return readdirSync(this.observed).filter((name) => name.endsWith('.jsonl'));
  }

  of<T extends ObservedFact['t']>(type: T): OfType<T>[] {
    return this.lines().filter((line) => line.t === type) as unknown as OfType<T>[];
  }

  /** What was read, as names below the root where they lie there. */
  reads(): string[] {
    return this.of('read').map(({ path }) => this.#name(path));
  }

  writes(): string[] {
    return this.of('write').map(({ path, mode }) => `${mode} ${this.#name(path)}`);
  }

  #name(path: string): string {
    return path.startsWith(`${this.root}/`) ? path.slice(this.root.length + 1) : path;
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
