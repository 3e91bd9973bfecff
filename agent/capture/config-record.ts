import type { Diagnostic } from '../core/config/node.ts';
import type { Override } from '../core/config/overrides.ts';
import type { ResolvedConfig } from '../core/config/resolve-config.ts';
import type { Redactor } from '../core/redaction/redactor.ts';
import type { KeepObject } from '../core/seams.ts';
import type { Config, Origin } from '../protocol/record.ts';
import { redactSource } from './config-redact.ts';
import type { ConfigSource } from './config-source.ts';

interface RecordOptions {
  sources: ConfigSource[];
  overrides: Override[];
  /** Null where it is unknown. */
  resolved: ResolvedConfig | null;
  unresolved: Diagnostic[];
  keepObject: KeepObject;
  redactor: Redactor;
  digestText: (text: string) => string;
  canonical: (value: unknown) => string;
}

/**
 * The configuration as the record holds it, without secrets. A source keeps the digest of its
 * bytes on disk; where the kept copy differs, `object` is the digest of the copy. The digest of
 * the whole is of the redacted form: two launches that differ in a secret alone have the same.
 */
export function recordConfig(options: RecordOptions): Config {
  const { redactor } = options;
  const sources = options.sources.map((source, i) => {
    const bytes = redactSource(source, redactor, `config.sources[${i}]`);
    const object = bytes === null ? null : options.keepObject(bytes);
    const { path, digest, dialect } = source;
    const differs = object !== null && object !== digest ? { object } : {};
    return { path, digest, dialect, read: null, ...differs };
  });

  const texts = new Map<string, string>();
  const overrides = options.overrides.map((override, i) => {
    const text = redactOverride(override, redactor, `config.overrides[${i}]`);
    texts.set(override.text, text);
    return text;
  });
  const resolved =
    options.resolved === null
      ? null
      : redactor.redactTree(options.resolved.resolved, 'config.resolved');
  const origins: Record<string, Origin> = {};
  for (const [key, origin] of Object.entries(options.resolved?.origins ?? {})) {
    const text = origin.text === undefined ? undefined : (texts.get(origin.text) ?? origin.text);
    Object.defineProperty(origins, key, {
      value: text === undefined ? origin : { ...origin, text },
      enumerable: true,
    });
  }
  const unresolved = options.unresolved.map((item) => ({
    ...item,
    ...(item.message === undefined
      ? {}
      : { message: redactor.redactText(item.message, 'config.unresolved') }),
    decision: null,
  }));
  const digest = resolved === null ? null : options.digestText(options.canonical(resolved));
  return { sources, overrides, resolved, origins, unresolved, digest };
}

function redactOverride(override: Override, redactor: Redactor, where: string): string {
  const { value, text, key } = override;
  if (value === null || !text.endsWith(value)) return redactor.redactText(text, where);
  const kept = text.slice(0, text.length - value.length);
  return redactor.redactText(kept + redactor.redactValue(key, value, where), where);
}
