import type { YamlDialect } from '../../protocol/record.ts';
import { readCoreScalar } from './core-scalar.ts';
import { constructBool, constructFloat, constructInt, readPythonScalar } from './pyyaml-scalar.ts';
import { ScalarError, type ScalarResult, textResult } from './scalar-result.ts';
import { parseTimestamp } from './timestamp.ts';

const prefix = 'tag:yaml.org,2002:';

/**
 * Reads a scalar by its tag; null for a tag that no safe loader knows, which the caller keeps as
 * text. Throws a ScalarError where the loader refuses the value.
 */
export function readTaggedScalar(
  text: string,
  plain: boolean,
  tag: string | undefined,
  dialect: YamlDialect,
): ScalarResult | null {
  if (tag === undefined || tag === '' || tag === '!') {
    // `! x` is resolved like a plain scalar by PyYAML, and text by YAML 1.2.
    const resolvable = tag === '!' ? dialect !== 'yaml-1.2' : plain;
    if (!resolvable) return textResult(text);
    return dialect === 'yaml-1.2' ? readCoreScalar(text) : readPythonScalar(text, dialect);
  }
  switch (tag.startsWith(prefix) ? tag.slice(prefix.length) : '') {
    case 'str':
      return textResult(text);
    case 'null':
      return { value: null, type: 'null' };
    case 'bool':
      return constructBool(text);
    case 'int':
      return constructInt(text);
    case 'float':
      return constructFloat(text);
    case 'timestamp':
      return { value: parseTimestamp(text), type: 'time' };
    case 'binary':
      return { value: base64Text(text), type: 'binary' };
    case 'merge':
      return { value: text, type: 'merge' };
    case 'map':
    case 'seq':
    case 'set':
    case 'omap':
    case 'pairs':
      throw new ScalarError(`expected a collection for !!${tag.slice(prefix.length)}`);
    default:
      return null;
  }
}

/** The short name of a collection's tag; null for one that no safe loader knows. */
export function standardTag(tag: string | undefined, _dialect: YamlDialect): string | null {
  if (tag === undefined || tag === '' || tag === '!') return '';
  const short = tag.startsWith(prefix) ? tag.slice(prefix.length) : null;
  return short !== null && /^(?:map|seq|set|omap|pairs|str|int|float|bool|null)$/.test(short)
    ? short
    : null;
}

/** What is wrong with this tag on this kind of collection, or null. */
export function collectionTag(tag: string, kind: 'map' | 'seq'): string | null {
  const wanted = { map: 'map', set: 'map', seq: 'seq', omap: 'seq', pairs: 'seq' }[tag];
  if (tag === '' || wanted === kind) return null;
  return wanted === undefined
    ? `expected a scalar for !!${tag}`
    : `expected a ${wanted} for !!${tag}`;
}

/** Base64 without white space; Python's decoder passes over what is not in the alphabet. */
function base64Text(text: string): string {
  const digits = text.replace(/[^A-Za-z0-9+/=]/g, '');
  if (digits.length % 4 !== 0) throw new ScalarError('incorrect padding in !!binary');
  return digits;
}
