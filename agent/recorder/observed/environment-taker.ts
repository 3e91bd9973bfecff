import { findImported } from '../../capture/environment/imported-packages.ts';
import type { ObservedLine } from '../../core/observed/observed-line.ts';
import type { Redactor } from '../../core/redaction/redactor.ts';
import type { Environment } from '../../protocol/record.ts';
import type { Recording } from '../recording.ts';
import type { MainProcess } from './main-process.ts';
import type { Taker } from './observation.ts';
import type { Observed } from './observed-tail.ts';

type Runtime = Extract<ObservedLine, { t: 'runtime' }>;
type Seed = Environment['seeds'][number];

/**
 * Brings what the program's own environment was while it ran into the record: seeds, settings, the
 * accelerator as it saw it, and at the end which packages it imported.
 */
export class EnvironmentTaker implements Taker {
  readonly #recording: Recording;
  readonly #main: MainProcess;
  readonly #redactor: Redactor;
  readonly #cacheFolder: string;
  readonly #seeds = new ByProcess<Seed>();
  readonly #settings = new ByProcess<string>();
  /** Top-level modules of libraries, with the file of each. */
  readonly #modules = new Map<string, { file: string | null; version: string | null }>();
  #runtime: Runtime | null = null;
  #isChanged = false;

  constructor(options: {
    recording: Recording;
    main: MainProcess;
    redactor: Redactor;
    cacheFolder: string;
  }) {
    this.#recording = options.recording;
    this.#main = options.main;
    this.#redactor = options.redactor;
    this.#cacheFolder = options.cacheFolder;
  }

  take({ process, line }: Observed): void {
    switch (line.t) {
      case 'seed': {
        const { library, value, generated } = line;
        const drawn = generated === true ? { generated } : {};
        this.#seeds.tell(library, process, { library, value, ...drawn });
        break;
      }
      case 'setting': {
        const where = `environment.settings.${line.name}`;
        const text = this.#redactor.redactValue(line.name, textOf(line.value), where);
        this.#settings.tell(line.name, process, text);
        break;
      }
      case 'runtime':
        this.#runtime = { ...this.#runtime, ...line };
        break;
      case 'module': {
        const top = line.name.split('.', 1)[0] ?? line.name;
        const known = this.#modules.get(top);
        if (known === undefined || (known.file === null && line.file !== null)) {
          this.#modules.set(top, {
            file: line.file,
            version: line.version ?? known?.version ?? null,
          });
        }
        return;
      }
      default:
        return;
    }
    this.#isChanged = true;
  }

  flush(): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const { environment } = this.#recording.record;
    if (environment === null) return;
    this.#recording.append('environment', {
      environment: {
        seeds: this.#allSeeds(environment),
        settings: {
          ...environment.settings,
          ...Object.fromEntries(this.#settings.chosen(this.#main.process)),
        },
        ...(this.#runtime === null ? {} : seenRuntime(environment, this.#runtime)),
      },
    });
  }

  async finish(): Promise<void> {
    this.flush();
    const { environment } = this.#recording.record;
    const interpreter = environment?.interpreter;
    if (!environment?.packages || !interpreter || this.#modules.size === 0) return;
    const packages = findImported(environment.packages, this.#modules, {
      isWhole: this.#main.hasEnded,
      cacheFolder: this.#cacheFolder,
      nowMs: Date.now(),
    });
    this.#recording.append('environment', { environment: { packages } });
  }

  /** What the program itself told by an event stays beside them. */
  #allSeeds(environment: Environment): Seed[] {
    const chosen = this.#seeds.chosen(this.#main.process);
    const told = environment.seeds.filter(({ library }) => !chosen.has(library));
    return [...told, ...chosen.values()];
  }
}

/**
 * What several processes say under one name, the last word of each: workers set themselves up by what
 * the main process has, so that is chosen; else who spoke first.
 */
class ByProcess<T> {
  readonly #told = new Map<string, Map<string, T>>();

  tell(name: string, process: string, value: T): void {
    const told = this.#told.get(name) ?? new Map<string, T>();
    this.#told.set(name, told);
    told.set(process, value);
  }

  chosen(main: string | null): Map<string, T> {
    const chosen = new Map<string, T>();
    for (const [name, told] of this.#told) {
      const value = (main === null ? undefined : told.get(main)) ?? [...told.values()][0];
      if (value !== undefined) chosen.set(name, value);
    }
    return chosen;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** The accelerator as the program saw it stands over what was found beside it. */
function seenRuntime(
  { runtimes, hardware, blas: known }: Environment,
  { cuda, cudnn, rocm, gpus, driver, blas }: Runtime,
): Partial<Environment> {
  const gpusBefore = hardware.gpus ?? [];
  const seen = (gpus ?? []).map((gpu) => {
    const same = gpusBefore.find(({ uuid, name }) =>
      gpu.uuid ? uuid === gpu.uuid : name === gpu.name,
    );
    return {
      name: gpu.name,
      uuid: gpu.uuid ?? same?.uuid ?? null,
      memoryBytes: gpu.memoryBytes ?? same?.memoryBytes ?? null,
      driver: same?.driver ?? driver ?? null,
      ...(same?.mig === undefined ? {} : { mig: same.mig }),
    };
  });
  return {
    runtimes: {
      ...runtimes,
      cuda: cuda ?? runtimes.cuda,
      rocm: rocm ?? runtimes.rocm,
      ...(cudnn == null ? {} : { cudnn }),
    },
    ...(blas === undefined ? {} : { blas: mergeBlas(known ?? [], blas) }),
    ...(seen.length === 0 ? {} : { hardware: { ...hardware, gpus: seen } }),
  };
}

type Blas = NonNullable<Environment['blas']>;

/** As loaded, with what was found of the same library where it is installed. */
function mergeBlas(installed: Blas, loaded: NonNullable<Runtime['blas']>): Blas {
  const told = new Set<Blas[number]>();
  const seen = loaded.map((one) => {
    const same = installed.find((other) => other.library === one.library && !told.has(other));
    if (same !== undefined) told.add(same);
    return { ...same, ...one, version: one.version ?? same?.version ?? null };
  });
  return [...seen, ...installed.filter((one) => !told.has(one))];
}
