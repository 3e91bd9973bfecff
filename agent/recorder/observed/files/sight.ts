import type { ObservedLine } from '../../../core/observed/observed-line.ts';
import { describeUnseen } from '../../../core/observed/unseen.ts';
import type { Redactor } from '../../../core/redaction/redactor.ts';
import type { Taker } from '../observation.ts';
import type { Observed } from '../observed-tail.ts';
import { type CommandSight, sightOf } from './commands.ts';
import { opensFiles } from './opens-files.ts';

/** Further files of libraries that are not known are not looked into, and taken for such as could. */
const mostExtensions = 2_000;

export interface SightOptions {
  /** The command as it was launched. */
  argv: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Seconds since 1970. */
  startedAt: number;
  redactor: Redactor;
  /** Files that a child's words name. */
  named(child: Observed, paths: string[]): void;
  /** Files that a program was given in words, so that it may have written them; seconds since 1970. */
  told(paths: string[], at: number): void;
  /** How many processes said something that could not be read. */
  torn(): number;
  /** Whether there was a program at all. */
  hasStarted(): boolean;
}

interface Child {
  /** Who started it. */
  parent: number | null;
  called: string;
}

/**
 * Tells how far a run was seen: which of its processes spoke, and what was started that could not.
 * The words of those name files all the same.
 */
export class Sight implements Taker {
  readonly #options: SightOptions;
  readonly #command: CommandSight;
  readonly #pids = new Map<string, number>();
  /** Python programs that are to speak, and those that have. */
  readonly #awaited: Child[] = [];
  readonly #started: { pid: number; parent: number }[] = [];
  readonly #isolated = new Set<string>();
  readonly #native = new Set<string>();
  readonly #scrubbed = new Set<string>();
  readonly #blind = new Set<string>();
  /** Those that could open files, by name, and which of their files were looked into. */
  readonly #extensions = new Map<string, string>();
  readonly #lookedInto = new Set<string>();
  #mayWriteUnseen = false;

  constructor(options: SightOptions) {
    this.#options = options;
    this.#command = sightOf(options.argv, options);
    options.told(wordsOf(this.#command), options.startedAt);
    for (const called of this.#command.isolated) this.#isolated.add(called);
    for (const called of this.#command.python) this.#awaited.push({ parent: null, called });
  }

  /** Some process of the run has spoken. */
  get hasSpoken(): boolean {
    return this.#pids.size > 0;
  }

  /** All that was read was seen, and perhaps not all that was written. */
  get mayWriteUnseen(): boolean {
    return this.#mayWriteUnseen;
  }

  take(observed: Observed): void {
    const { file, line } = observed;
    if (line.t === 'process') {
      this.#pids.set(file, line.pid);
      if (line.via !== 'fork') this.#started.push({ pid: line.pid, parent: line.ppid });
    } else if (line.t === 'exec') {
      const sight = this.#takeChild(line, this.#pids.get(file) ?? null);
      this.#options.named(observed, sight.named);
      this.#options.told(wordsOf(sight), line.at ?? this.#options.startedAt);
    } else if (line.t === 'blind') this.#blind.add(line.what);
    else if (line.t === 'extension') this.#takeExtension(line);
  }

  /** In words for a person; nothing where all was seen. */
  unseen(): string[] {
    if (!this.#options.hasStarted()) return [];
    const mute = this.#mute();
    const { native, python } = this.#command;
    const silent = python.length > 0 && !this.hasSpoken;
    return describeUnseen({
      foreign: new Set(native),
      silent,
      isolated: this.#isolated,
      native: this.#native,
      scrubbed: this.#scrubbed,
      mute: new Set(silent ? [] : mute),
      extensions: new Set(this.#extensions.values()),
      blind: this.#blind,
      torn: this.#options.torn(),
    }).map((text) => this.#options.redactor.redactText(text, 'data'));
  }

  #takeChild(line: ObservedLine & { t: 'exec' }, parent: number | null): CommandSight {
    const { env } = this.#options;
    const sight = sightOf(line.argv, { cwd: line.cwd, env, shell: line.shell });
    for (const name of sight.native) this.#native.add(name);
    for (const called of sight.isolated) this.#isolated.add(called);
    for (const called of sight.python) {
      if (line.scrubbed) this.#scrubbed.add(called);
      else this.#awaited.push({ parent, called });
    }
    return sight;
  }

  #takeExtension({ name, file, reads }: ObservedLine & { t: 'extension' }): void {
    if (!reads) {
      this.#mayWriteUnseen = true;
      return;
    }
    // `mdanalysis.libs` lies beside `MDAnalysis`.
    const key = name.toLowerCase();
    if (this.#extensions.has(key) || this.#lookedInto.has(file)) return;
    this.#lookedInto.add(file);
    if (this.#lookedInto.size > mostExtensions || opensFiles(file)) {
      this.#extensions.set(key, name);
    }
  }

  /** Which Python programs did not speak: each that did is taken for one that was awaited. */
  #mute(): string[] {
    const spoken = [...this.#started];
    const open: Child[] = [];
    for (const child of this.#awaited) {
      const at = spoken.findIndex(({ pid, parent }) => [pid, parent].includes(child.parent ?? -1));
      if (at === -1) open.push(child);
      else spoken.splice(at, 1);
    }
    // Those with a shell or another program between them and who asked for them.
    return open.slice(spoken.length).map(({ called }) => called);
  }
}

/** Where one of these has changed since, it is by the program that was given its name. */
function wordsOf({ written, named }: CommandSight): string[] {
  return [...written, ...named];
}
