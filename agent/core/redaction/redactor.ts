import type { Redaction } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';
import { setMember } from '../config/node.ts';
import { secretOfCommand } from './argv-secrets.ts';
import { binaryText, bytesOfBinary, utf8Binary } from './binary-text.ts';
import { compiledRules, mayHoldSecret } from './compiled-rules.ts';
import { findEnvironmentSecrets, spellingsOf } from './environment-secrets.ts';
import { judgeName, matchNames, mayNameSecret } from './secret-name.ts';
import { isDistinct, isSecretValue, redactedMark, redactedText } from './secret-value.ts';

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
  /** Every text in a JSON value by its form alone, keys too, as a last look at what is written. */
  redactStrings<T>(value: T, where: string): T;
  /** What was replaced so far, each place and rule once. */
  found(): Redaction[];
  /** Texts that are secret wherever they stand, longest first, for who writes the log. */
  literalSecrets(): string[];
  /** Those among them that were learned since, from values that stood under a secret's name. */
  learnedSecrets(): { rule: string; value: string }[];
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
  const known: Literal[] = literals.map((text) => literalOf(text, 'environment'));
  const learned = new Map<string, string>();
  const told = new Map<string, Redaction>();

  function tell(where: string, rule: string): void {
    told.set(`${where}\n${rule}`, { where, rule });
  }

  /** A value that stood under a secret's name may be printed, or stand in an exception, later. */
  function learn(value: string, rule: string): void {
    if (learned.has(value) || literals.includes(value) || !isDistinct(value)) return;
    learned.set(value, rule);
    for (const text of spellingsOf(value)) known.push(literalOf(text, rule));
    known.sort((a, b) => b.text.length - a.text.length);
  }

  function replaceForms(text: string, where: string, form: 'text' | 'binary'): string {
    let result = text;
    for (const literal of known) {
      if (!result.includes(literal[form])) continue;
      result = result.replaceAll(literal[form], redactedText(literal.rule));
      tell(where, literal.rule);
    }
    if (!mayHoldSecret(result)) return result;
    for (const compiled of compiledRules) {
      const { rule, literal } = compiled;
      if (!result.includes(literal)) continue;
      // The group, where there is one, ends the match.
      result = result.replace(compiled.expression, (match: string, group: unknown) => {
        const secretLength = typeof group === 'string' ? group.length : match.length;
        if (secretLength === 0) return match;
        tell(where, rule);
        return match.slice(0, match.length - secretLength) + redactedText(rule);
      });
    }
    return result;
  }

  function judge(name: string, value: string): string | null {
    const last = lastSegment(name);
    const rule = isNamed(name)
      ? 'named'
      : (judgeName(last) ?? (mayNameSecret(last) ? 'entropy' : null));
    return rule !== null && isSecretValue(value, rule) ? rule : null;
  }

  function redactText(text: string, where: string): string {
    return replaceForms(text, where, 'text');
  }

  function redactString(name: string, value: string, where: string): string {
    const rule = judge(name, value);
    if (rule === null) return redactText(value, where);
    tell(where, rule);
    learn(value, rule);
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
      const command = secretOfCommand(argv, i);
      if (command !== null && !token.startsWith(redactedMark, command.kept.length)) {
        learn(token.slice(command.kept.length), 'command-password');
        tell(place, 'command-password');
        return command.kept + redactedText('command-password');
      }
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

  function redactStrings<T>(value: T, where: string): T {
    return redactForms(value, where) as T;
  }

  /** The same object where nothing was found in it: most of a record is never copied. */
  function redactForms(value: unknown, where: string): unknown {
    if (typeof value === 'string') return redactText(value, where);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((item, i) => redactForms(item, `${where}[${i}]`));
      return items.some((item, i) => item !== value[i]) ? items : value;
    }
    let result: Record<string, unknown> | null = null;
    for (const [key, member] of Object.entries(value)) {
      const place = where === '' ? key : `${where}.${key}`;
      const safe = redactForms(member, place);
      const name = redactText(key, place);
      if (safe === member && name === key) continue;
      result ??= { ...value };
      if (name !== key) delete result[key];
      setMember(result as Record<string, Json>, name, safe as Json);
    }
    return result ?? value;
  }

  function redactBytes(bytes: Uint8Array, where: string): Uint8Array {
    const text = binaryText(bytes);
    const result = replaceForms(text, where, 'binary');
    return result === text ? bytes : bytesOfBinary(result);
  }

  return {
    redactText,
    redactValue,
    redactArgv,
    redactTree,
    redactBytes,
    judge,
    redactStrings,
    found: () => [...told.values()],
    literalSecrets: () => [...literals],
    learnedSecrets: () => [...learned].map(([value, rule]) => ({ rule, value })),
  };
}

/** A secret as text, and as the bytes that it is in a file. */
interface Literal {
  text: string;
  binary: string;
  rule: string;
}

function literalOf(text: string, rule: string): Literal {
  return { text, binary: utf8Binary(text), rule };
}

function lastSegment(name: string): string {
  return name.split('.').at(-1) ?? name;
}
