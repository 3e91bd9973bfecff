import type { Json } from '../protocol/values.ts';

function keepBigIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const big = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return big && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value;
}

/**
 * JSON as Python writes it: the bare `NaN` and `Infinity` become strings, integers beyond 2^53 become
 * strings of digits. Null for what is no JSON.
 */
export function parseLooseJson(line: string): Json {
  const parse = (text: string): Json => {
    const parsed: Json = JSON.parse(text, keepBigIntegers);
    return parsed;
  };
  try {
    return parse(line);
  } catch {
    // Strings are matched first, so that a NaN inside one stays as it is.
    const quoted = line.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    );
    try {
      return parse(quoted);
    } catch {
      return null;
    }
  }
}
