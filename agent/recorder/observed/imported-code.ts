import { captureLate } from '../../capture/code/capture-late.ts';
import { keepFile } from '../../capture/code/keep-file.ts';
import { findUncovered, type Uncovered } from '../../capture/code/uncovered-files.ts';
import { digestFile } from '../../capture/data/digest-file.ts';
import type { Redactor } from '../../core/redaction/redactor.ts';
import type { DigestCache } from '../../core/seams.ts';
import { messageOf } from '../../protocol/errors.ts';
import type { Limits } from '../../protocol/limits.ts';
import type { CaptureStatus, CodeFile } from '../../protocol/record.ts';
import { sha256 } from '../../store/digest.ts';
import type { Layout } from '../../store/layout.ts';
import { keepObject } from '../../store/objects.ts';
import { type Recording, timestamp } from '../recording.ts';
import type { Taker } from './observation.ts';
import type { Observed } from './observed-tail.ts';

export interface ImportedCodeOptions {
  layout: Layout;
  recording: Recording;
  redactor: Redactor;
  cache: DigestCache;
  limits: Omit<Limits, 'log'>;
  /** Globs of what is never recorded. */
  ignore: string[];
  /** Files that were looked after before, absolute. */
  known: string[];
}

/** What came with the interpreter, or was installed: packages tell of it. */
const library = /\/(?:site|dist)-packages\/|\/lib(?:64)?\/(?:python|pypy)\d[\d.]*t?\//;
/** So many are looked at together: each batch asks git once. */
const batch = 500;

/**
 * Keeps the modules that a program imported from files which no snapshot holds: ignored by git (a
 * `local_settings.py`, a generated `_version.py`, a compiled extension), left out, or outside of
 * every repository. Each is read as soon as it is told, as its user may go on editing.
 */
export class ImportedCode implements Taker {
  readonly #options: ImportedCodeOptions;
  readonly #known: Set<string>;
  #waiting: string[] = [];
  #work: Promise<void> = Promise.resolve();

  constructor(options: ImportedCodeOptions) {
    this.#options = options;
    this.#known = new Set(options.known);
  }

  take({ line }: Observed): void {
    if (line.t !== 'module' || line.file === null || library.test(line.file)) return;
    // What is frozen in, or made while the program runs, has no file of its own.
    if (!line.file.startsWith('/') || this.#known.has(line.file)) return;
    this.#known.add(line.file);
    this.#waiting.push(line.file);
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    const files = this.#waiting;
    this.#waiting = [];
    this.#work = this.#work.then(() => this.#keep(files)).catch(() => {});
  }

  async finish(): Promise<void> {
    this.flush();
    await this.#work;
  }

  async #keep(files: string[]): Promise<void> {
    const { layout, recording, redactor, cache, limits } = this.#options;
    const kept: CodeFile[] = [];
    const problems: string[] = [];
    for (let at = 0; at < files.length; at += batch) {
      const some = files.slice(at, at + batch);
      let uncovered = await findUncovered(some, recording.record.code, layout.root);
      if (await this.#captureOthers(uncovered)) {
        uncovered = await findUncovered(some, recording.record.code, layout.root);
      }
      for (const [file, reason] of uncovered) {
        try {
          const entry = await keepFile(file, reason, {
            workspaceRoot: layout.root,
            limit: limits.snapshotFile,
            keepObject: (bytes) => keepObject(layout, bytes),
            digestFile: async (path) => digestFile(path, { cache }).digest,
            redactBytes: (bytes, where) => redactor.redactBytes(bytes, where),
            sha256,
          });
          kept.push(entry);
        } catch (error) {
          problems.push(`${file}: was imported and cannot be read (${messageOf(error)})`);
        }
      }
    }
    this.#record(kept, problems);
  }

  /** Repositories of which the launch did not know: true where there were some. */
  async #captureOthers(uncovered: Map<string, Uncovered>): Promise<boolean> {
    const { layout, recording, redactor, cache, limits, ignore } = this.#options;
    const outside = [...uncovered].filter(([, reason]) => reason !== 'left-out');
    if (outside.length === 0) return false;
    const { record } = recording;
    const late = await captureLate(
      outside.map(([file]) => file),
      record.code,
      process.env.HOME,
      {
        workspaceRoot: layout.root,
        cwd: layout.root,
        runId: recording.id,
        workspaceId: record.workspaceId,
        createdAt: timestamp(),
        outputs: record.outputs.directories,
        data: [],
        ignore,
        snapshotFileLimit: limits.snapshotFile,
        snapshotLimit: limits.snapshot,
        hashLimit: limits.hashBefore,
        cacheFolder: layout.cache,
        digestFile: async (path) => digestFile(path, { cache }).digest,
        keepObject: (bytes) => keepObject(layout, bytes),
        secrets: redactor.literalSecrets(),
        programFiles: [],
      },
    );
    if (late === null) return false;
    const { code } = recording.record;
    recording.append('code', {
      code: {
        repositories: [...code.repositories, ...late.repositories],
        leftOut: [...code.leftOut, ...late.leftOut],
        conversions: [...code.conversions, ...late.conversions],
      },
      ...(late.problems.length === 0 ? {} : { capture: withProblems(recording, late.problems) }),
    });
    return true;
  }

  #record(kept: CodeFile[], problems: string[]): void {
    const { recording, redactor } = this.#options;
    const standing = recording.record.code.files ?? [];
    const key = (file: CodeFile) => file.pathBytes ?? file.path;
    const before = new Set(standing.map(key));
    const added = kept.filter((file) => !before.has(key(file)));
    if (added.length === 0 && problems.length === 0) return;
    const redactions = redactor.found().filter(({ where }) => where.startsWith('code.files.'));
    recording.append('code', {
      code: { files: [...standing, ...added] },
      ...(problems.length === 0 ? {} : { capture: withProblems(recording, problems) }),
      ...(redactions.length === 0 ? {} : { redactions }),
    });
  }
}

function withProblems({ record }: Recording, problems: string[]): CaptureStatus {
  const { status, detail, durationMs } = record.capture.code;
  return {
    status: status === 'captured' ? 'partial' : status,
    detail: [...(detail === null ? [] : [detail]), ...problems].join('; '),
    durationMs,
  };
}
