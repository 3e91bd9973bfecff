import type { Drawn } from './generated-value.ts';

/** Why an interpolation has no value. */
export class Unresolvable extends Error {
  readonly reason: 'interpolation' | 'environment';
  constructor(reason: 'interpolation' | 'environment', message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Only the program can know the value: `${now:%H}` is drawn there, `${mul:2,3}` computed. */
export class OnlyAtLaunch extends Error {
  readonly what: Drawn | null;
  constructor(what: Drawn | null) {
    super();
    this.what = what;
  }
}
