import { parseInteger, recordFloat } from './python-number.ts';
import { ScalarError, type ScalarResult, textResult } from './scalar-result.ts';
import { parseTimestamp } from './timestamp.ts';

/**
 * Plain scalars as PyYAML's SafeLoader reads them: the expressions of its `resolver.py` and the
 * arithmetic of its `constructor.py`. `1e-4` is text (no dot), `010` is 8, `1:30` is 90.
 */
const boolPattern =
  /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const floatPattern =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const intPattern =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const nullPattern = /^(?:~|null|Null|NULL|)$/;
const timePattern =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?)$/;

/** OmegaConf adds these floats to PyYAML's, and takes the timestamps away. */
const omegaconfFloatPattern =
  /^(?:[-+]?[0-9]+(?:_[0-9]+)*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+(?:_[0-9]+)*[eE][-+]?[0-9]+|\.[0-9]+(?:_[0-9]+)*(?:[eE][-+][0-9]+)?|[-+]?[0-9]+(?:_[0-9]+)*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Reads a plain scalar; throws a ScalarError where the loader refuses it (`2001-13-01`, `=`). */
export function readPythonScalar(text: string, dialect: 'pyyaml' | 'omegaconf'): ScalarResult {
  if (boolPattern.test(text)) return constructBool(text);
  if (floatPattern.test(text)) return constructFloat(text);
  if (intPattern.test(text)) return constructInt(text);
  if (text === '<<') return { value: '<<', type: 'merge' };
  if (nullPattern.test(text)) return { value: null, type: 'null' };
  if (dialect === 'pyyaml' && timePattern.test(text)) {
    return { value: parseTimestamp(text), type: 'time' };
  }
  if (text === '=') throw new ScalarError('the bare value `=` is not accepted; quote it');
  if (dialect === 'omegaconf' && omegaconfFloatPattern.test(text)) return constructFloat(text);
  return textResult(text);
}

export function constructBool(text: string): ScalarResult {
  const word = text.toLowerCase();
  if (!/^(?:yes|no|true|false|on|off)$/.test(word)) throw new ScalarError(`not a boolean: ${text}`);
  return { value: word === 'yes' || word === 'true' || word === 'on', type: 'bool' };
}

export function constructInt(text: string): ScalarResult {
  const plain = text.replaceAll('_', '');
  const negative = plain.startsWith('-');
  const digits = plain.replace(/^[-+]/, '');
  try {
    return { value: integerOf(digits, negative), type: 'int' };
  } catch {
    throw new ScalarError(`not an integer: ${text}`);
  }
}

function integerOf(digits: string, negative: boolean) {
  if (digits === '0') return 0;
  if (digits.startsWith('0b')) return parseInteger(digits.slice(2), 2, negative);
  if (digits.startsWith('0x')) return parseInteger(digits.slice(2), 16, negative);
  if (digits.startsWith('0')) return parseInteger(digits, 8, negative);
  if (!digits.includes(':')) return parseInteger(digits, 10, negative);
  // Sexagesimal: `190:20:30` is 190 * 3600 + 20 * 60 + 30.
  const total = digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  return parseInteger(total.toString(), 10, negative);
}

export function constructFloat(text: string): ScalarResult {
  const plain = text.replaceAll('_', '').toLowerCase();
  const sign = plain.startsWith('-') ? -1 : 1;
  const digits = plain.replace(/^[-+]/, '');
  return { value: recordFloat(sign * floatOf(digits, text)), type: 'float' };
}

function floatOf(digits: string, text: string): number {
  if (digits === '.inf') return Number.POSITIVE_INFINITY;
  if (digits === '.nan') return Number.NaN;
  if (digits.includes(':')) {
    // The same order of additions as PyYAML, so that the rounding is the same.
    let base = 1;
    let value = 0;
    for (const part of digits.split(':').reverse()) {
      value += plainFloat(part, text) * base;
      base *= 60;
    }
    return value;
  }
  return plainFloat(digits, text);
}

function plainFloat(digits: string, text: string): number {
  const named = /^[-+]?(inf|infinity|nan)$/.exec(digits);
  if (named !== null) return named[1] === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
  if (!/^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/.test(digits)) {
    throw new ScalarError(`not a float: ${text}`);
  }
  return Number(digits);
}
