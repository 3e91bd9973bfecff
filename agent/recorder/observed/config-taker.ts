import { isAbsolute, resolve } from 'node:path';
import { recordSource } from '../../capture/config-source-record.ts';
import { workspacePath } from '../../capture/workspace-path.ts';
import { canonicalJson } from '../../core/canonical.ts';
import { effectiveConfig } from '../../core/observed/effective-config.ts';
import { type ConfigLine, ConfigLines, mergeTrees } from '../../core/observed/told-config.ts';
import type { Redactor } from '../../core/redaction/redactor.ts';
import type { KeepObject } from '../../core/seams.ts';
import type { Config } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';
import { sha256 } from '../../store/digest.ts';
import type { Recording } from '../recording.ts';
import type { MainProcess } from './main-process.ts';
import type { Taker } from './observation.ts';
import type { Observed } from './observed-tail.ts';

export interface ConfigTakerOptions {
  recording: Recording;
  main: MainProcess;
  root: string;
  /** Where the program runs, absolute. */
  cwd: string;
  redactor: Redactor;
  keepObject: KeepObject;
}

/**
 * Brings the configuration that the program holds into its record, whenever it says more of it. What
 * a system said inside and what the program said of itself go together over what was read at launch.
 */
export class ConfigTaker implements Taker {
  readonly #options: ConfigTakerOptions;
  readonly #lines = new ConfigLines();
  #said: Record<string, Json>;
  #isChanged = false;
  #written = '';
  #work: Promise<void> = Promise.resolve();

  constructor(options: ConfigTakerOptions) {
    this.#options = options;
    // An earlier recorder of this run may have taken some already.
    this.#said = saidBefore(options.recording.record.config);
  }

  take({ process, line }: Observed): void {
    if (line.t !== 'config') return;
    this.#lines.take(process, this.#redacted(line));
    this.#isChanged = true;
  }

  /** The program said so in words of its own. */
  say(values: Record<string, Json>): void {
    this.#said = mergeTrees(this.#said, values);
    this.#isChanged = true;
    this.flush();
  }

  flush(): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const { recording, main, redactor } = this.#options;
    const told = this.#lines.told(main.process);
    const { lifecycle } = recording.record;
    const config = effectiveConfig({
      atLaunch: recording.configAtLaunch,
      told,
      said: this.#said,
      moment: {
        atMs: Date.parse(lifecycle.createdAt),
        untilMs: Date.now(),
        runId: recording.id,
        host: recording.record.command.launcher.host,
        pids: lifecycle.process === null ? [] : [lifecycle.process.pid],
      },
      sha256,
      place: (path) => this.#place(path),
    });
    const text = canonicalJson(config);
    if (text === this.#written) return;
    this.#written = text;
    const redactions = redactor.found().filter(({ where }) => where.startsWith('config'));
    recording.append('config', {
      config,
      // A program that told nothing by a system is known as far as its files are.
      ...(told === null ? {} : { capture: this.#captured() }),
      ...(redactions.length === 0 ? {} : { redactions }),
    });
    if (told !== null) this.#addSources(told.sources);
  }

  async finish(): Promise<void> {
    this.flush();
    await this.#work;
  }

  #captured() {
    const { durationMs } = this.#options.recording.record.capture.config;
    return { status: 'captured' as const, detail: null, durationMs };
  }

  #redacted(line: ConfigLine): ConfigLine {
    const { redactor } = this.#options;
    const text = (value: string) => redactor.redactText(value, 'config.overrides');
    const { overrides } = line;
    return {
      ...line,
      values: redactor.redactTree(line.values, 'config.resolved'),
      origins: redactOrigins(line.origins, redactor),
      ...(overrides === undefined
        ? {}
        : { overrides: redactor.redactArgv(overrides, 'config.overrides').map(text) }),
    };
  }

  #place(path: string): string {
    const { root, cwd } = this.#options;
    return workspacePath(root, isAbsolute(path) ? path : resolve(cwd, path));
  }

  /** Whoever said that it composed them has read them. */
  #markRead(places: ReadonlySet<string>): void {
    const { recording } = this.#options;
    const { sources } = recording.record.config;
    const marked = sources.map((one) =>
      one.read !== true && places.has(one.path) ? { ...one, read: true } : one,
    );
    if (marked.some((one, at) => one !== sources[at]))
      recording.append('config', { config: { sources: marked } });
  }

  /** Files that a system read, and that nobody had named at launch. */
  #addSources(paths: string[]): void {
    const { recording, root, redactor, keepObject, cwd } = this.#options;
    const known = new Set(recording.record.config.sources.map(({ path }) => path));
    this.#markRead(new Set(paths.map((path) => this.#place(path))));
    const fresh = paths.filter((path) => !known.has(this.#place(path)));
    if (fresh.length === 0) return;
    this.#work = this.#work.then(async () => {
      for (const path of fresh) {
        const { sources } = recording.record.config;
        const options = { root, redactor, keepObject, where: `config.sources[${sources.length}]` };
        const source = await recordSource(resolve(cwd, path), options).catch(() => null);
        if (source === null || sources.some((one) => one.path === source.path)) continue;
        recording.append('config', { config: { sources: [...sources, source] } });
      }
    });
  }
}

function redactOrigins(origins: ConfigLine['origins'], redactor: Redactor): ConfigLine['origins'] {
  const safe: ConfigLine['origins'] = {};
  for (const [key, origin] of Object.entries(origins)) {
    const text =
      origin.text === undefined ? {} : { text: redactOverride(key, origin.text, redactor) };
    Object.defineProperty(safe, key, { value: { ...origin, ...text }, enumerable: true });
  }
  return safe;
}

/** `--api-key sk-...`: the value goes by the name of its key. */
function redactOverride(key: string, text: string, redactor: Redactor): string {
  const [, head = '', value = ''] = /^(-{0,2}[^\s=]+[\s=]+)(.*)$/s.exec(text) ?? [];
  const where = `config.origins.${key}`;
  if (value === '') return redactor.redactText(text, where);
  return `${head}${redactor.redactValue(key, value, where)}`;
}

function saidBefore({ resolved, origins }: Config): Record<string, Json> {
  let said: Record<string, Json> = {};
  for (const [key, { kind }] of Object.entries(origins)) {
    if (kind !== 'program' || resolved === null || key.includes('\\')) continue;
    const names = key.split('.');
    let value: Json | undefined = resolved;
    for (const name of names) value = memberOf(value, name);
    if (value === undefined) continue;
    const nested = names.reduceRight<Json>((inner, name) => ({ [name]: inner }), value);
    said = mergeTrees(said, nested as Record<string, Json>);
  }
  return said;
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
