import { machine, release } from 'node:os';
import type { Captured, DigestCache, KeepObject } from '../../core/seams.ts';
import { messageOf, systemCode } from '../../protocol/errors.ts';
import type { Environment } from '../../protocol/record.ts';
import { breathe } from '../breathe.ts';
import { digestFile } from '../data/digest-file.ts';
import { sha256 } from '../sha256.ts';
import { realPath } from '../workspace-path.ts';
import { readAllocation } from './allocation.ts';
import { readBlas } from './blas.ts';
import { readContainer } from './container.ts';
import { findProgram, type Variables } from './find-program.ts';
import { surveyGpus } from './gpus.ts';
import { readHardware } from './hardware.ts';
import { readLimits } from './limits.ts';
import { readLocale } from './locale.ts';
import type { LockDifference } from './locks/compare-locks.ts';
import { markerValues } from './locks/markers.ts';
import { surveyLocks } from './locks/survey-locks.ts';
import { nameManager } from './manager.ts';
import { readOperatingSystem } from './operating-system.ts';
import { type PythonSurvey, surveyPython } from './python-packages.ts';
import { type Interpreter, resolveInterpreter } from './resolve-interpreter.ts';
import { readRuntimes } from './runtimes.ts';
import { readSettings } from './settings-variables.ts';

export interface EnvironmentOptions {
  workspaceRoot: string;
  cwd: string;
  argv: string[];
  /** The environment that the program is given. */
  env: Variables;
  /** `.runrecord/cache`, absolute; what is below may be deleted at any time. */
  cacheFolder: string;
  cache?: DigestCache | undefined;
  keepObject: KeepObject;
  /** Answers the value as it may be recorded. */
  redact: (name: string, value: string) => string;
  redactText?: ((text: string) => string) | undefined;
  /** Where it was found out before; null: there is no such program. */
  interpreter?: Interpreter | null | undefined;
  nowMs: number;
  /** Told what Python says of itself as soon as it is known; null where there is no Python. */
  onPython?: ((survey: PythonSurvey | null) => void) | undefined;
}

export interface CapturedEnvironment extends Captured<Environment> {
  interpreter: Interpreter | null;
  /** For `command.executable`; the digest is null where it cannot be read. */
  executable: { path: string | null; digest: string | null };
  lockDifferences: LockDifference[];
}

/**
 * What surrounds the program: system, hardware, interpreter, packages, lock files, settings. Each
 * part fails for itself: the field is then `partial` and says what is missing. Thrown is only what
 * `keepObject` throws on a full disk.
 */
export async function captureEnvironment(
  options: EnvironmentOptions,
): Promise<CapturedEnvironment> {
  const { cwd, env, redact, cache } = options;
  const problems: string[] = [];
  const attempt = <T>(what: string, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      if (systemCode(error) === 'ENOSPC') throw error;
      problems.push(`${what}: ${messageOf(error)}`);
      return otherwise;
    }
  };
  const interpreter =
    options.interpreter === undefined ? resolveInterpreter(options) : options.interpreter;
  const unsure = interpreter?.unsure ?? null;
  if (unsure) problems.push(`packages: ${unsure.reason}`);
  const python = interpreter?.kind === 'python' && !unsure?.isOther ? interpreter : null;
  // Both may wait for a process; nothing else here does.
  const [gpuSurvey, survey] = await Promise.all([
    surveyGpus(cwd, env, options.cacheFolder),
    (python ? tryPython(python, options, problems) : Promise.resolve(null)).then((survey) => {
      options.onPython?.(survey);
      return survey;
    }),
  ]);
  await breathe();
  if (gpuSurvey.problem) problems.push(gpuSurvey.problem);
  if (survey) problems.push(...survey.problems);
  if (!interpreter) problems.push(describeMissing(options));
  const executable = unsure?.isOther
    ? findProgram(options.argv[0] ?? '', cwd, env)
    : (interpreter?.path ?? null);
  const digest = executable
    ? attempt('interpreter', () => digestFile(realPath(executable), { cache }).digest, null)
    : null;
  const packages = survey?.packages ?? null;
  const markers = markerValues({
    version: (survey?.facts.version || interpreter?.version) ?? '',
    implementation: survey?.facts.implementation ?? 'cpython',
    platform: process.platform,
    machine: machine(),
    release: release(),
  });
  const prefix = survey?.facts.prefix ?? null;
  await breathe();
  const locks = attempt(
    'locks',
    () => surveyLocks({ ...options, packages, markers, prefix, sha256 }),
    { locks: [], differences: [], problems: [] },
  );
  problems.push(...locks.problems);
  const toBeMade = interpreter?.syncs ? locks.differences.filter(isOfUv) : [];
  if (toBeMade.length > 0) problems.push(describeSync(toBeMade));
  await breathe();
  const settings = readSettings(interpreter?.env ?? env, redact);
  await breathe();
  const environment: Environment = {
    os: readOperatingSystem(),
    hardware: readHardware(gpuSurvey.gpus, sha256),
    runtimes: {
      ...attempt('runtimes', () => readRuntimes(env), { cuda: null, rocm: null }),
      cudaDriver: gpuSurvey.cudaDriver,
    },
    container: attempt('container', () => readContainer(env), null),
    interpreter: describeInterpreter(interpreter, survey, digest),
    packages,
    locks: locks.locks,
    manager: attempt(
      'manager',
      () =>
        nameManager({
          prefix,
          venv: interpreter?.venv ?? null,
          locks: locks.locks,
          installers: survey?.installers ?? new Map(),
        }),
      null,
    ),
    settings,
    blas: attempt('blas', () => readBlas(survey?.facts.path ?? [], packages ?? [], prefix), []),
    locale: readLocale(interpreter?.env ?? env),
    limits: attempt('limits', readLimits, {}),
    seeds: [],
    allocation: readAllocation(env, redact),
  };
  const remark = interpreter && !python && !unsure ? remarkOn(interpreter) : null;
  const detail = [...problems, ...(remark ? [remark] : [])].join('; ');
  return {
    value: environment,
    status: problems.length > 0 ? 'partial' : 'captured',
    detail: detail === '' ? null : detail,
    interpreter,
    executable: { path: executable, digest },
    lockDifferences: locks.differences.filter((one) => !toBeMade.includes(one)),
  };
}

async function tryPython(
  python: Interpreter,
  options: EnvironmentOptions,
  problems: string[],
): Promise<PythonSurvey | null> {
  try {
    return await surveyPython(python, options.cacheFolder, options.nowMs);
  } catch (error) {
    problems.push(`packages: ${messageOf(error)}`);
    return null;
  }
}

const isOfUv = ({ lock }: LockDifference): boolean => /(?:^|\/)uv\.lock$/.test(lock);

/** `uv run` installs before it starts: what was found at launch is not what the program has. */
function describeSync(differences: LockDifference[]): string {
  const shown = differences
    .slice(0, 3)
    .map(({ name, expected, found }) => `${name} ${expected} (was ${found ?? 'not installed'})`);
  const more = differences.length - shown.length;
  const all = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
  return `packages: uv installs what its lock file says before the program starts: ${all}`;
}

/** The program itself is not there, or what it would start cannot be told. */
function describeMissing({ argv, cwd, env }: EnvironmentOptions): string {
  const [word = ''] = argv;
  return findProgram(word, cwd, env) === null
    ? `interpreter: ${word} was not found`
    : `interpreter: what ${word} starts was not found, or is not known before it does`;
}

/** Nothing is wrong, but the reader must not take it for an empty environment. */
function remarkOn(interpreter: Interpreter): string {
  return /^(?:(?:ba|da|z|k|fi)?sh|make|uvx?|pipx|poetry|pdm|pipenv|hatch|conda|mamba|micromamba|pixi)$/.test(
    interpreter.name,
  )
    ? `started by ${interpreter.name}: the interpreter of what it starts, and its packages, are not looked into`
    : 'no Python interpreter: packages do not apply';
}

function describeInterpreter(
  interpreter: Interpreter | null,
  survey: PythonSurvey | null,
  digest: string | null,
): Environment['interpreter'] {
  if (!interpreter || interpreter.kind === 'native' || interpreter.unsure?.isOther) return null;
  const { name, path, version } = interpreter;
  return { name, version: survey?.facts.version || version, path, digest };
}
