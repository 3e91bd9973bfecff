import { secretRules } from './secret-rules.ts';

/** A rule whose pattern is compiled when it is first asked: a launch waits for none that is not. */
export class CompiledRule {
  readonly rule: string;
  readonly literal: string;
  readonly #pattern: string;
  #expression: RegExp | null = null;

  constructor(rule: string, literal: string, pattern: string) {
    this.rule = rule;
    this.literal = literal;
    this.#pattern = pattern;
  }

  /** With the flag g. */
  get expression(): RegExp {
    this.#expression ??= new RegExp(this.#pattern, 'g');
    return this.#expression;
  }

  /** What it takes for the secret in each of its matches. */
  secretsIn(text: string): string[] {
    if (!text.includes(this.literal)) return [];
    return Array.from(text.matchAll(this.expression), (match) => match[1] ?? match[0]);
  }
}

export const compiledRules: readonly CompiledRule[] = secretRules.map(
  ({ rule, literal, pattern }) => new CompiledRule(rule, literal, pattern),
);

let screen: RegExp | null = null;

/** False for most text: none of the literals stands in it, and no rule has to be asked. */
export function mayHoldSecret(text: string): boolean {
  screen ??= new RegExp(
    [...new Set(secretRules.map(({ literal }) => literal))]
      .map((literal) => literal.replace(/[\\^$+?.()|[\]{}*/-]/g, '\\$&'))
      .join('|'),
  );
  return screen.test(text);
}
