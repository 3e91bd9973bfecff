import type { Redaction } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';
import { setMember } from '../config/node.ts';
import { binaryText, bytesOfBinary, utf8Binary } from './binary-text.ts';
import { findEnvironmentSecrets, spellingsOf } from './environment-secrets.ts';
import { judgeName, matchNames } from './secret-name.ts';
import { secretRules } from './secret-rules.ts';
import { isSecretValue, redactedText } from './secret-value.ts';

export interface Redactor {
  /** Replaces what has the form of a credential, and known secrets, in any text. */
  redactText(text: string, where: string): string;
  /** The value of a key, variable or flag: all of it where the name says that it is a secret. */
  redactValue(name: string, value: string, where: string): string;
  redactValue(name: string, value: Json, where: string): Json;
  /** A command line; `where` is `command.argv` unless told otherwise. */
  redactArgv(argv: readonly string[], where?: string): string[];
  /** Every text in a JSON value, by the key that it stands under. */
  redactTree<T extends Json>(value: T, where: string): T;
  /** The content of a file; the same array where nothing was found. */
  redactBytes(bytes: Uint8Array, where: string): Uint8Array;
  /** The rule by which a value under a name would be replaced, or null. */
  judge(name: string, value: string): string | null;
  /** What was replaced so far, each place and rule once. */
  found(): Redaction[];
  /** Texts that are secret wherever they stand, longest first, for who writes the log. */
  literalSecrets(): string[];
}

export interface RedactorOptions {
  /** Further names, as globs: `redact` of the settings. */
  extraNames?: readonly string[];
  environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes the one redactor of a run. It replaces by `[redacted: RULE]`, gives the same answer for
 * the same input, leaves what it has replaced alone, and needs linear time.
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  const isNamed = matchNames(options.extraNames ?? []);
  const secrets = findEnvironmentSecrets(options.environment ?? {}, isNamed);
  const literals = [...new Set(secrets.flatMap(spellingsOf))].sort((a, b) => b.length - a.length);
  const binaryLiterals = literals.map(utf8Binary);
  const rules = secretRules.map((rule) => ({ ...rule, expression: new RegExp(rule.pattern, 'g') }));
  const told = new Map<string, Redaction>();

  function tell(where: string, rule: string): void {
    told.set(`${where}\n${rule}`, { where, rule });
  }

  function replaceForms(text: string, where: string, known: readonly string[]): string {
    let result = text;
    for (const literal of known) {
      if (!result.includes(literal)) continue;
      result = result.replaceAll(literal, redactedText('environment'));
      tell(where, 'environment');
    }
    for (const { rule, literal, expression } of rules) {
      if (!result.includes(literal)) continue;
      // The group, where there is one, ends the match.
      result = result.replace(expression, (match: string, group: unknown) => {
        const secretLength = typeof group === 'string' ? group.length : match.length;
        if (secretLength === 0) return match;
        tell(where, rule);
        return match.slice(0, match.length - secretLength) + redactedText(rule);
      });
    }
    return result;
  }

  function judge(name: string, value: string): string | null {
    const rule = isNamed(name) ? 'named' : judgeName(lastSegment(name));
    return rule !== null && isSecretValue(value, rule) ? rule : null;
  }

  function redactText(text: string, where: string): string {
    return replaceForms(text, where, literals);
  }

  function redactString(name: string, value: string, where: string): string {
    const rule = judge(name, value);
    if (rule === null) return redactText(value, where);
    tell(where, rule);
    return redactedText(rule);
  }

  function redactValue(name: string, value: string, where: string): string;
  function redactValue(name: string, value: Json, where: string): Json;
  function redactValue(name: string, value: Json, where: string): Json {
    return redactNode(value, name, where);
  }

  function redactArgv(argv: readonly string[], where = 'command.argv'): string[] {
    return argv.map((token, i) => {
      const place = `${where}[${i}]`;
      const assigned = /^((?:--?|\+{1,2})?([A-Za-z_][\w.\-/@]{0,255})=)([\s\S]*)$/.exec(token);
      if (assigned !== null) {
        const [, kept = '', name = '', value = ''] = assigned;
        return redactText(kept + redactString(name, value, place), place);
      }
      const flag = /^--?([A-Za-z][\w.-]{0,255})$/.exec(argv[i - 1] ?? '')?.[1];
      if (flag !== undefined && !/^--?[A-Za-z]/.test(token))
        return redactString(flag, token, place);
      return redactText(token, place);
    });
  }

  function redactTree<T extends Json>(value: T, where: string): T {
    return redactNode(value, '', where) as T;
  }

  function redactNode(value: Json, name: string, where: string): Json {
    if (typeof value === 'string') return redactString(name, value, where);
    if (typeof value === 'number' && (isNamed(name) || judgeName(name) === 'password')) {
      return redactString(name, String(value), where);
    }
    if (Array.isArray(value)) {
      return value.map((item, i) => redactNode(item, name, `${where}[${i}]`));
    }
    if (typeof value !== 'object' || value === null) return value;
    const result: { [key: string]: Json } = {};
    for (const [key, member] of Object.entries(value)) {
      const place = where === '' ? key : `${where}.${key}`;
      setMember(result, redactText(key, place), redactNode(member, key, place));
    }
    return result;
  }

  function redactBytes(bytes: Uint8Array, where: string): Uint8Array {
    const text = binaryText(bytes);
    const result = replaceForms(text, where, binaryLiterals);
    return result === text ? bytes : bytesOfBinary(result);
  }

  return {
    redactText,
    redactValue,
    redactArgv,
    redactTree,
    redactBytes,
    judge,
    found: () => [...told.values()],
    literalSecrets: () => [...literals],
  };
}

function lastSegment(name: string): string {
  return name.split('.').at(-1) ?? name;
}
