import { recordFloat, recordInteger } from './python-number.ts';
import { type ScalarResult, textResult } from './scalar-result.ts';

/** Plain scalars by the core schema of YAML 1.2: `yes` is text, `010` is 10, `1e-4` a number. */
export function readCoreScalar(text: string): ScalarResult {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return { value: null, type: 'null' };
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) {
    return { value: text.toLowerCase() === 'true', type: 'bool' };
  }
  if (/^[-+]?[0-9]{1,4300}$/.test(text)) {
    const digits = BigInt(text.replace(/^[-+]/, ''));
    return { value: recordInteger(text.startsWith('-') ? -digits : digits), type: 'int' };
  }
  if (/^0o[0-7]{1,4300}$|^0x[0-9a-fA-F]{1,4300}$/.test(text)) {
    return { value: recordInteger(BigInt(text)), type: 'int' };
  }
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text)) {
    return { value: recordFloat(Number(text)), type: 'float' };
  }
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) {
    return { value: text.startsWith('-') ? '-Infinity' : 'Infinity', type: 'float' };
  }
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return { value: 'NaN', type: 'float' };
  // Not in the core schema, but nearly every 1.2 loader merges.
  if (text === '<<') return { value: '<<', type: 'merge' };
  return textResult(text);
}
