import { spawn } from 'node:child_process';
import { systemCode } from '../protocol/errors.ts';

/** What git said when it failed; `code` is null when it could not be started or was killed. */
export class GitError extends Error {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;

  constructor(message: string, code: number | null, stdout: Buffer, stderr: string) {
    super(message);
    this.name = 'GitError';
    this.code = code;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

/** There is no git to run. */
export class GitMissing extends Error {}

export interface GitOptions {
  cwd: string;
  /** Written to standard input. */
  input?: Uint8Array;
  /** Added to the environment; the only way to give git another repository or index. */
  env?: Record<string, string>;
  /** Exit codes besides 0 that are answers, not failures. */
  okCodes?: number[];
  /** Called with what git wrote to standard error although it succeeded. */
  onWarning?: (text: string) => void;
}

/** Variables that tie git to one repository, as they are set in a hook or by `git bisect run`. */
const repositoryVariables = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_ATTR_SOURCE',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_DIR',
  'GIT_EXTERNAL_DIFF',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
];

const settings = [
  // No program of the user's runs: neither hooks nor a file system monitor.
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  // 2.39's diff rewrites the index in spite of GIT_OPTIONAL_LOCKS.
  'diff.autoRefreshIndex=false',
  'core.splitIndex=false',
  'index.skipHash=false',
  'core.logAllRefUpdates=false',
  'gc.auto=0',
  'i18n.commitEncoding=UTF-8',
  // A snapshot must be on disk before the program starts.
  'core.fsync=committed',
  'core.fsyncMethod=batch',
].flatMap((setting) => ['-c', setting]);

/** The environment without what ties git to a repository, and with what keeps it quiet and local. */
export function gitEnvironment(added: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of repositoryVariables) delete env[name];
  for (const name of Object.keys(env)) if (name.startsWith('GIT_TRACE')) delete env[name];
  return {
    ...env,
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    // No transport at all: a partial clone must not fetch in the middle of a launch.
    GIT_ALLOW_PROTOCOL: '',
    GIT_NO_LAZY_FETCH: '1',
    GIT_PAGER: 'cat',
    LC_ALL: 'C',
    LANGUAGE: '',
    ...added,
  };
}

/**
 * Runs git and answers its standard output.
 *
 * Fails with `GitMissing` where there is no git, else with `GitError`, whose message is what git
 * wrote to standard error.
 */
export function git(args: string[], options: GitOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...settings, ...args], {
      cwd: options.cwd,
      env: gitEnvironment(options.env),
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    // A git that ends before it has read everything says why on standard error.
    child.stdin?.on('error', () => {});
    if (options.input !== undefined) child.stdin?.end(options.input);
    child.on('error', (error) => reject(startFailure(error)));
    child.on('close', (code, signal) => {
      const stdout = Buffer.concat(out);
      const stderr = Buffer.concat(err).toString('utf8').trim();
      if (code === 0 || (code !== null && options.okCodes?.includes(code))) {
        if (stderr !== '') options.onWarning?.(stderr);
        resolve(stdout);
        return;
      }
      const ending = signal === null ? `exit code ${code}` : signal;
      const said = stderr === '' ? ending : stderr.replace(/^(fatal|error): /, '');
      reject(new GitError(`git ${verbOf(args)}: ${said}`, code, stdout, stderr));
    });
  });
}

function verbOf(args: string[]): string {
  return args.find((arg, at) => !arg.startsWith('-') && args[at - 1] !== '-c') ?? '';
}

function startFailure(error: Error): Error {
  // A working directory that is gone gives ENOENT as well; git itself is the likelier one.
  if (systemCode(error) === 'ENOENT') {
    return new GitMissing('git could not be run: it is not installed or not on PATH');
  }
  return new GitError(`git could not be started: ${error.message}`, null, Buffer.alloc(0), '');
}
