import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { RunRecord } from '../../agent/protocol/record.ts';
import { door, type Finished, finish, Workspace } from '../support/workspace.ts';
import type { Program } from './program.ts';
import { type Scan, scanFolders } from './scan-folder.ts';
import { readTruth, type Truth, tracedCalls } from './truth.ts';

/** The interpreter of the tier's own environment; undefined where none could be made. */
export const python = process.env.RUNRECORD_TEST_INTEROP;

const programs = join(import.meta.dirname, 'programs');

export interface PlainRun {
  finished: Finished;
  after: Scan;
}

export interface RecordedRun extends PlainRun {
  before: Scan;
  truth: Truth;
  record: RunRecord;
  /** Records of the jobs that a multirun started. */
  jobs: RunRecord[];
  workspace: Workspace;
}

/** A program in a folder of its own, which is laid anew, at the same path, for every run of it. */
export class ProgramRuns {
  readonly #program: Program;
  readonly #top: string;
  readonly #template: string;
  readonly #root: string;
  /** Data that lies outside of the workspace. */
  readonly #elsewhere: string;

  constructor(program: Program) {
    this.#program = program;
    // Beside the temporary directory of the tests, not in it: what lies in there is scratch.
    this.#top = join(dirname(tmpdir()), 'interop', program.folder);
    this.#template = join(this.#top, 'template');
    this.#root = join(this.#top, 'the project');
    this.#elsewhere = join(this.#top, 'elsewhere');
    this.#prepare();
  }

  async runPlain(): Promise<PlainRun> {
    this.#layAnew();
    const [command = '', ...args] = this.#program.command;
    // A trace of nothing waits for every process that the program leaves behind.
    const traced = ['-f', '-qq', '--seccomp-bpf', '-e', 'trace=reboot', '-o', '/dev/null'];
    const words: [string, string[]] = this.#program.lingers
      ? ['strace', [...traced, command, ...args]]
      : [command, args];
    const finished = await finish(this.#spawn(...words, this.#root));
    return { finished, after: this.#scan() };
  }

  async runRecorded(): Promise<RecordedRun> {
    this.#layAnew();
    const { command, options = [] } = this.#program;
    const [trace, idFile] = [join(this.#top, 'trace'), join(this.#top, 'id')];
    const before = this.#scan();
    const follow = ['-f', '-y', '-xx', '-s', '4096', '-qq', '--seccomp-bpf'];
    const recorder = ['run', '--quiet', '--record-file', idFile, ...options, '--'];
    const finished = await finish(
      this.#spawn(
        'strace',
        [
          ...[...follow, '-e', `trace=${tracedCalls}`, '-o', trace],
          ...[process.execPath, door, ...recorder, ...command],
        ],
        this.#root,
      ),
    );
    const after = this.#scan();
    const workspace = new Workspace({}, { root: this.#root, git: false });
    const id = readFileSync(idFile, 'utf8').trim();
    const record = await workspace.show(id);
    const others = workspace.runs().filter((other) => other !== id);
    const jobs = await Promise.all(others.map((other) => workspace.show(other)));
    const main = record.lifecycle.process?.pid;
    if (main === undefined) throw new Error(`no process was recorded: ${finished.stderr}`);
    const folders = [this.#root, this.#elsewhere].map((path) => `${path}/`);
    const truth = readTruth(readFileSync(trace, 'latin1'), main, (path) =>
      folders.some((folder) => path.startsWith(folder)) ? before.has(path) : true,
    );
    return { finished, before, after, truth, record, jobs, workspace };
  }

  dispose(): void {
    if (process.env.RUNRECORD_TEST_KEEP === undefined)
      rmSync(this.#top, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #prepare(): void {
    rmSync(this.#top, { recursive: true, force: true });
    mkdirSync(join(this.#top, 't'), { recursive: true });
    const { root } = new Workspace({}, { root: this.#template });
    cpSync(join(programs, this.#program.folder), root, { recursive: true });
    writeFileSync(join(root, '.gitignore'), 'data/\nout/\n__pycache__/\n');
    const git = (...words: string[]) => execFileSync('git', words, { cwd: root, stdio: 'ignore' });
    git('add', '--all');
    git('commit', '--quiet', '--message', 'the program');
    if (!existsSync(join(root, 'make.py'))) return;
    // It finds the places as they will be.
    cpSync(root, this.#root, { recursive: true, preserveTimestamps: true });
    mkdirSync(this.#elsewhere, { recursive: true });
    const options = { cwd: this.#root, env: this.#environment(), stdio: 'inherit' as const };
    execFileSync('python', ['-B', 'make.py'], options);
    rmSync(this.#template, { recursive: true });
    cpSync(this.#root, this.#template, { recursive: true, preserveTimestamps: true });
    cpSync(this.#elsewhere, `${this.#elsewhere}-template`, { recursive: true });
  }

  #layAnew(): void {
    for (const [from, to] of [
      [this.#template, this.#root],
      [`${this.#elsewhere}-template`, this.#elsewhere],
    ] as const) {
      rmSync(to, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      if (existsSync(from))
        execFileSync('cp', ['--archive', from, to]); // `cpSync` knows no names that are not UTF-8.
      else mkdirSync(to, { recursive: true });
    }
  }

  #scan(): Scan {
    return scanFolders([this.#root, this.#elsewhere]);
  }

  #spawn(command: string, args: string[], cwd: string): ChildProcess {
    return spawn(command, args, {
      cwd,
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** As it is where the environment has been activated. */
  #environment(): NodeJS.ProcessEnv {
    const bin = dirname(python ?? '');
    return {
      ...process.env,
      VIRTUAL_ENV: dirname(bin),
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      // Short: sockets that processes of one program speak over lie in there.
      TMPDIR: join(this.#top, 't'),
      ELSEWHERE: this.#elsewhere,
      // Nothing is asked of a server, and no bytecode is left beside the sources.
      HF_HUB_OFFLINE: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      CUDA_VISIBLE_DEVICES: '',
    };
  }
}
