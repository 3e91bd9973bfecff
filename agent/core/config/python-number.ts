import type { Scalar } from './node.ts';

/** More digits than Python itself converts (`sys.set_int_max_str_digits`). */
const maxDigits = 4300;

/** An integer for the record: a number, or a string of digits beyond 2^53. Null where too long. */
export function recordInteger(value: bigint): Scalar {
  const limit = 2n ** 53n;
  if (value >= -limit && value <= limit) return Number(value);
  return value.toString();
}

/** `digits` in base 2, 8, 10 or 16, with a sign apart; throws where Python would. */
export function parseInteger(digits: string, base: 2 | 8 | 10 | 16, negative: boolean): Scalar {
  if (digits === '' || digits.length > maxDigits) throw new RangeError('invalid literal for int()');
  const prefix = { 2: '0b', 8: '0o', 10: '', 16: '0x' }[base];
  const value = BigInt(prefix + digits);
  return recordInteger(negative ? -value : value);
}

/** A float for the record: NaN and the infinities are their names. */
export function recordFloat(value: number): Scalar {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return 'Infinity';
  if (value === Number.NEGATIVE_INFINITY) return '-Infinity';
  return value;
}

/** A float as Python's `repr` writes it, for keys: `1.0`, `1e-07`, `1e+16`. */
export function pythonFloatText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa = '', exponentText] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const size = Math.abs(exponent).toString().padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  const text = exponent < -6 ? value.toFixed(20) : String(value);
  return text.includes('.') ? text : `${text}.0`;
}
