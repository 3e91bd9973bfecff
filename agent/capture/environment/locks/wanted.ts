import type { MarkerValues } from './markers.ts';

/** One version that a lock file allows of a package. */
export interface Choice {
  /** Exact; null where only a range, or only that it is there, is asked. */
  version: string | null;
  /** `>=1,<2` of PEP 440; for conda `1.26.*`. */
  specifier?: string | undefined;
  /** Of a repository: the installed one must have this commit. */
  commit?: string | undefined;
  /** Counted from 1. */
  line: number;
  /** The file with that line, where a lock includes others. */
  file?: string | undefined;
}

/** What a lock file says of one package; any of the choices will do. */
export interface Wanted {
  ecosystem: 'pypi' | 'conda';
  /** Normalised as PEP 503. */
  name: string;
  choices: Choice[];
  /** That it is missing is a difference: it is no extra, no group, and not for another platform. */
  required: boolean;
}

/** What a reader of lock files may ask. */
export interface LockContext {
  markers: MarkerValues;
  /** `linux-64`: how conda names this platform. */
  subdir: string;
  /** Name of the pixi environment in use, else `default`. */
  pixiEnvironment: string;
  /** The text of a file that a lock includes, or null. */
  readBeside(path: string): string | null;
}

/** Collects what is wanted, one entry a package. */
export class WantedList {
  private readonly byName = new Map<string, Wanted>();

  add(ecosystem: Wanted['ecosystem'], name: string, choice: Choice, required: boolean): void {
    const key = `${ecosystem}:${name}`;
    const known = this.byName.get(key);
    if (!known) this.byName.set(key, { ecosystem, name, choices: [choice], required });
    else {
      known.choices.push(choice);
      known.required ||= required;
    }
  }

  all(): Wanted[] {
    return [...this.byName.values()];
  }
}
