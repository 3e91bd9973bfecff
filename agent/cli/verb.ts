import type { CliDeps } from './deps.ts';
import type { Output } from './output.ts';

/** Options as they were given: a text, a list of texts, or a switch. */
export type VerbOptions = Readonly<Record<string, string | string[] | boolean | undefined>>;

export interface VerbInput {
  deps: CliDeps;
  output: Output;
  operands: string[];
  options: VerbOptions;
  /** The words after `--`, of `run` and `check`. */
  command: string[];
}

/** What a verb's file exports. */
export interface VerbModule {
  /** Does the verb; answers the exit code. */
  act(input: VerbInput): Promise<number>;
}

/** A text option, null where it was not given. */
export function textOption(options: VerbOptions, name: string): string | null {
  const value = options[name];
  return typeof value === 'string' ? value : null;
}
