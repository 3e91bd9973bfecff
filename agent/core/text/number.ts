import type { Numeric } from '../../protocol/values.ts';

const fewestDigits = 3;
const mostDigits = 6;

/** Significant digits that tell the values of a column apart: at least 3, at most 6. */
function chooseDigits(values: number[]): number {
  const distinct = new Set(values).size;
  for (let digits = fewestDigits; digits < mostDigits; digits += 1) {
    if (new Set(values.map((value) => value.toPrecision(digits))).size === distinct) return digits;
  }
  return mostDigits;
}

/** Decimals that the value needs at `digits` significant digits, without trailing zeros. */
function decimalsOf(value: number, digits: number): number {
  const [mantissa = '', exponent = '0'] = value.toExponential(digits - 1).split('e');
  const fraction = (mantissa.split('.')[1] ?? '').replace(/0+$/, '').length;
  return Math.max(0, fraction - Number(exponent));
}

const isPlain = (value: number): boolean =>
  value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7) || isWhole(value);
const isWhole = (value: number): boolean => Number.isSafeInteger(value) && Math.abs(value) < 1e12;

function formatOne(value: number, digits: number, decimals: number): string {
  if (isWhole(value) && decimals === 0) return String(value);
  if (!isPlain(value)) {
    return value
      .toExponential(digits - 1)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  }
  return value.toFixed(decimals);
}

/**
 * The numbers of one column, written alike: as many significant digits as tell them apart, the
 * same decimals in each; very small and large ones with an exponent. `-` where there is none;
 * what JSON cannot hold (`NaN`, integers beyond 2^53) stands as it is.
 */
export function formatNumbers(values: readonly (Numeric | null | undefined)[]): string[] {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  const digits = chooseDigits(numbers);
  const decimals = numbers
    .filter((value) => isPlain(value) && value !== 0)
    .reduce((most, value) => Math.max(most, decimalsOf(value, digits)), 0);
  return values.map((value) => {
    if (value === null || value === undefined) return '-';
    return typeof value === 'string' ? value : formatOne(value, digits, Math.min(decimals, 10));
  });
}

/** `b - a`; null where either is not a finite number. Exact for integers beyond 2^53. */
export function subtract(b: Numeric | null, a: Numeric | null): Numeric | null {
  if (typeof a === 'number' && typeof b === 'number') return b - a;
  if (a === null || b === null || !isInteger(a) || !isInteger(b)) return null;
  const difference = BigInt(b) - BigInt(a);
  const small = Number(difference);
  return Number.isSafeInteger(small) ? small : String(difference);
}

function isInteger(value: Numeric): boolean {
  return typeof value === 'number' ? Number.isSafeInteger(value) : /^-?\d+$/.test(value);
}
