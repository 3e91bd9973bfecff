import type { Scalar } from './node.ts';

/** What a loader makes of a scalar. `float` is apart from `int` because keys show it (`1.0`). */
export interface ScalarResult {
  value: Scalar;
  type: 'null' | 'bool' | 'int' | 'float' | 'text' | 'time' | 'binary' | 'merge';
}

export const textResult = (value: string): ScalarResult => ({ value, type: 'text' });

/** A loader refuses the scalar; the message says why, in the loader's words where it has some. */
export class ScalarError extends Error {}
