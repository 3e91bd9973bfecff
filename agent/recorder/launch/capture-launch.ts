import { resolve } from 'node:path';
import { captureCode } from '../../capture/code/capture-code.ts';
import type { ImportPath } from '../../capture/code/import-path.ts';
import type { Found } from '../../capture/code/repository.ts';
import { type CapturedConfig, captureConfig } from '../../capture/config.ts';
import { type CapturedData, captureData } from '../../capture/data/capture-data.ts';
import { digestFile } from '../../capture/data/digest-file.ts';
import type { HashPool } from '../../capture/data/hash-pool.ts';
import { programArguments } from '../../capture/data/program-arguments.ts';
import {
  type CapturedEnvironment,
  captureEnvironment,
} from '../../capture/environment/capture-environment.ts';
import type { PythonSurvey } from '../../capture/environment/python-packages.ts';
import {
  type Interpreter,
  resolveInterpreter,
} from '../../capture/environment/resolve-interpreter.ts';
import type { Redactor } from '../../core/redaction/redactor.ts';
import type { Captured, DigestCache, KeepObject } from '../../core/seams.ts';
import { unknownCode, unknownConfig, unknownEnvironment } from '../../core/unknown-record.ts';
import type { Code, Environment } from '../../protocol/record.ts';
import type { LaunchPlan } from './plan.ts';
import { type Timed, timed } from './timed.ts';

export interface CaptureOptions {
  plan: LaunchPlan;
  /** Null: only the gates are asked, and nothing is kept. */
  id: string | null;
  workspaceId: string;
  createdAt: string;
  /** The environment that the program is given. */
  environment: NodeJS.ProcessEnv;
  /** `.runrecord/cache`, absolute. */
  cacheFolder: string;
  /** What git said of the workspace's root, where it was asked before. */
  repository?: Promise<Found> | undefined;
  cache: DigestCache;
  pool: HashPool;
  keepObject: KeepObject;
  /** Whether an earlier run was seen to write a file, by its path in records. */
  isWritten(path: string): boolean;
  redactor: Redactor;
  /** Ends the reading of data. */
  signal?: AbortSignal | undefined;
  /** Called while a folder of data is read: how many files so far. */
  progress?: ((path: string, files: number) => void) | undefined;
}

/** The fields that are known before the program starts, and what else was found on the way. */
export interface CapturedLaunch {
  code: Timed<Captured<Code>>;
  config: Timed<CapturedConfig>;
  data: Timed<CapturedData>;
  environment: Timed<CapturedEnvironment>;
  /** The program's own files of which the launch has seen to it that they are kept, absolute. */
  programFiles: string[];
}

/** Reads the four fields of a launch, side by side: each is partly waiting for the disk or git. */
export async function captureLaunch(options: CaptureOptions): Promise<CapturedLaunch> {
  const { plan, environment: env, keepObject, cache, cacheFolder, redactor } = options;
  const { root: workspaceRoot, cwd, argv, settings } = plan;
  const interpreter = resolveInterpreter({ argv, cwd, env });
  const programFiles = interpreter?.script ? [resolve(cwd, interpreter.script)] : [];
  // The repositories on the import path are captured while the environment is still read.
  const importPath = Promise.withResolvers<ImportPath | null>();
  const capturingCode = timed<Code, Captured<Code>>(
    () =>
      captureCode({
        workspaceRoot,
        cwd,
        repository: options.repository,
        runId: options.id,
        createdAt: options.createdAt,
        outputs: plan.outputs.directories,
        sharedOutputs: plan.outputs.declared ? [] : ['models'],
        data: plan.data.map((entry) => entry.path).filter((path) => typeof path === 'string'),
        ignore: settings.ignore,
        isWritten: options.isWritten,
        snapshotFileLimit: settings.limits.snapshotFile,
        snapshotLimit: settings.limits.snapshot,
        hashLimit: settings.limits.hashBefore,
        cacheFolder,
        digestFile: async (path) => digestFile(path, { cache }).digest,
        keepObject,
        secrets: redactor.literalSecrets(),
        redactBytes: (bytes, where) => redactor.redactBytes(bytes, where),
        redactRemote: (url) => redactor.redactText(url, 'code.remote'),
        programFiles,
        importPath: importPath.promise,
        workspaceId: options.workspaceId,
      }),
    (detail) => ({ value: unknownCode(), status: 'failed', detail }),
  );
  // Git has its next question at once, and works while the rest is read here.
  await options.repository?.catch(() => null);
  const [code, environment, [config, data]] = await Promise.all([
    capturingCode,
    timed<Environment, CapturedEnvironment>(
      () =>
        captureEnvironment({
          workspaceRoot,
          cwd,
          argv,
          env,
          cacheFolder,
          cache,
          keepObject,
          redact: (name, value) =>
            redactor.redactValue(name, value, `environment.settings.${name}`),
          redactText: (text) => redactor.redactText(text, 'environment'),
          interpreter,
          nowMs: Date.now(),
          onPython: (survey) => importPath.resolve(importPathOf(survey, env)),
        }),
      failedEnvironment,
    ).finally(() => importPath.resolve(null)),
    captureConfigAndData(options, interpreter),
  ]);
  return {
    code,
    config,
    data,
    environment,
    programFiles,
  };
}

function importPathOf(survey: PythonSurvey | null, env: NodeJS.ProcessEnv): ImportPath | null {
  if (survey === null) return null;
  const { path, prefix, basePrefix } = survey.facts;
  return {
    folders: path,
    sources: (survey.packages ?? []).map((item) => item.source),
    prefixes: [prefix, basePrefix],
    home: env.HOME,
  };
}

/** Data after config, as a configuration names data. */
async function captureConfigAndData(
  options: CaptureOptions,
  interpreter: Interpreter | null,
): Promise<[Timed<CapturedConfig>, Timed<CapturedData>]> {
  const { plan, environment, keepObject, redactor } = options;
  const { root: workspaceRoot, cwd, argv, settings } = plan;
  const config = await timed(
    () =>
      captureConfig({
        workspaceRoot,
        cwd,
        named: plan.config,
        argv,
        isPython: interpreter?.kind === 'python',
        environment,
        keepObject,
        redactor,
      }),
    failedConfig,
  );
  const data = await timed(
    () =>
      captureData({
        workspaceRoot,
        cwd,
        declared: plan.data,
        fromConfig: config.captured.paths.map(({ path, ...rest }) => ({
          ...rest,
          ...(path === null ? {} : { path }),
        })),
        argv: programArguments(argv, interpreter),
        exclude: {
          files: [
            ...(interpreter?.script ? [interpreter.script] : []),
            ...config.captured.value.sources.map((source) => source.path),
          ],
          outputs: plan.outputs.directories,
        },
        hashBeforeBytes: settings.limits.hashBefore,
        cache: options.cache,
        cacheFolder: options.cacheFolder,
        keepObject,
        signal: options.signal,
        progress: options.progress,
        redactUrl: (url) => redactor.redactText(url, 'data'),
        home: environment.HOME,
        pool: options.pool,
      }),
    (detail): CapturedData => ({
      value: [],
      status: 'failed',
      detail,
      redactions: [],
      expectations: [],
    }),
  );
  return [config, data];
}

function failedConfig(detail: string): CapturedConfig {
  return { value: unknownConfig(), status: 'failed', detail, paths: [], overrideTokens: [] };
}

function failedEnvironment(detail: string): CapturedEnvironment {
  return {
    value: unknownEnvironment(),
    status: 'failed',
    detail,
    interpreter: null,
    executable: { path: null, digest: null },
    lockDifferences: [],
  };
}
