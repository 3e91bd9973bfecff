import { basename, dirname } from 'node:path';
import {
  type CapturedEnvironment,
  captureEnvironment,
} from '../../capture/environment/capture-environment.ts';
import { readPythonCall } from '../../capture/environment/python-command.ts';
import { surveyPython } from '../../capture/environment/python-packages.ts';
import {
  type Interpreter,
  resolveInterpreter,
} from '../../capture/environment/resolve-interpreter.ts';
import { realPath } from '../../capture/workspace-path.ts';
import type { Redactor } from '../../core/redaction/redactor.ts';
import type { DigestCache } from '../../core/seams.ts';
import type { Environment, Package } from '../../protocol/record.ts';
import type { Layout } from '../../store/layout.ts';
import { keepObject } from '../../store/objects.ts';
import type { Recording } from '../recording.ts';
import type { Taker } from './observation.ts';
import type { Observed } from './observed-tail.ts';

export interface SeenEnvironmentOptions {
  layout: Layout;
  recording: Recording;
  redactor: Redactor;
  cache: DigestCache;
  /** That of the recorder, which is the program's but for what a wrapper changed. */
  environment: NodeJS.ProcessEnv;
}

/** Tools in Python that start a program's own Python: theirs is not the one that was meant. */
const launchers =
  /^(?:conda|mamba|poetry|pdm|pipenv|hatch|tox|nox|pipx|virtualenv|venv|ensurepip|pip|uv)$/;

/**
 * Looks at the environment again once the first Python of the run says where it is. A tool may have made it,
 * or changed it, when the program started (`uv run`), or a shell may have chosen it: what was listed
 * at launch was another one, or nothing. It is looked at at once, as some live for one run.
 */
export class SeenEnvironment implements Taker {
  readonly #options: SeenEnvironmentOptions;
  #work: Promise<void> | null = null;
  #isCertain = false;

  constructor(options: SeenEnvironmentOptions) {
    this.#options = options;
  }

  take({ line }: Observed): void {
    if (line.t !== 'process' || this.#isCertain) return;
    const { script, module } = readPythonCall(line.argv.slice(1));
    const name = basename(script ?? module ?? '');
    if (launchers.test(name)) return;
    // The first one counts, until one runs what the command names: a tool may use Python itself.
    const { argv } = this.#options.recording.record.command;
    this.#isCertain = name !== '' && argv.some((word) => basename(word) === name);
    if (this.#work !== null && !this.#isCertain) return;
    const before = this.#work ?? Promise.resolve();
    this.#work = before
      .then(() => this.#look([line.executable, ...line.argv.slice(1)], line.cwd))
      .catch(() => {});
  }

  async finish(): Promise<void> {
    await this.#work;
  }

  async #look(argv: string[], cwd: string): Promise<void> {
    const { layout, recording, redactor, cache, environment: env } = this.#options;
    const interpreter = resolveInterpreter({ argv, cwd, env });
    if (interpreter?.kind !== 'python') return;
    const before = recording.record.environment;
    // As a rule all is as it was a moment before: stats tell that, without reading anything.
    const survey = await surveyPython(interpreter, layout.cache, Date.now());
    if (isSame(before, interpreter, survey.packages)) return;
    const found = await captureEnvironment({
      workspaceRoot: layout.root,
      cwd,
      argv,
      env,
      cacheFolder: layout.cache,
      cache,
      keepObject: (bytes) => keepObject(layout, bytes),
      redact: (name, value) => redactor.redactValue(name, value, `environment.settings.${name}`),
      redactText: (text) => redactor.redactText(text, 'environment'),
      interpreter,
      nowMs: Date.now(),
    });
    const { durationMs } = recording.record.capture.environment;
    const imported = new Set(
      recording.record.environment?.packages?.filter((one) => one.imported).map(keyOf),
    );
    recording.append('environment', {
      environment: whatIsNew(
        found,
        interpreter,
        imported,
        recording.record.environment?.blas ?? [],
      ),
      capture: { status: found.status, detail: found.detail, durationMs },
    });
  }
}

function isSame(
  before: Environment | null,
  { path }: Interpreter,
  packages: Package[] | null,
): boolean {
  const known = before?.interpreter?.path;
  if (before?.packages == null || known === undefined || packages === null) return false;
  // `bin/python3` beside `bin/python3.11` is another name of it.
  if (dirname(known) !== dirname(path) || realPath(known) !== realPath(path)) return false;
  const list = (all: Package[]): string =>
    all.map((one) => `${keyOf(one)}==${one.version} ${one.source}`).join('\n');
  return list(before.packages) === list(packages);
}

const keyOf = ({ ecosystem, name }: Package): string => `${ecosystem}:${name}`;

function whatIsNew(
  { value }: CapturedEnvironment,
  interpreter: Interpreter,
  imported: ReadonlySet<string>,
  blasBefore: NonNullable<Environment['blas']>,
): Partial<Environment> {
  const { packages, locks, manager, blas } = value;
  return {
    interpreter: value.interpreter ?? {
      name: interpreter.name,
      version: interpreter.version,
      path: interpreter.path,
      digest: null,
    },
    packages:
      packages?.map((one) => (imported.has(keyOf(one)) ? { ...one, imported: true } : one)) ?? null,
    locks,
    manager,
    // What the program loaded is more than what is installed.
    ...(blas === undefined || blasBefore.some((one) => one.threads !== undefined) ? {} : { blas }),
  };
}
