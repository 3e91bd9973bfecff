import type { Json } from '../../protocol/values.ts';
import { joinKey } from './key-path.ts';

const isScalar = (value: Json): boolean => typeof value !== 'object' || value === null;

/**
 * The leaves of a configuration by their dotted keys, as `origins` has them: a list of scalars is
 * one leaf, and so is what is empty.
 */
export function flattenConfig(resolved: Json): Map<string, Json> {
  const leaves = new Map<string, Json>();
  const walk = (value: Json, path: string[]): void => {
    const isBranch = Array.isArray(value)
      ? !value.every(isScalar)
      : !isScalar(value) && Object.keys(value as object).length > 0;
    if (isBranch) {
      for (const [key, member] of Object.entries(value as Record<string, Json>)) {
        walk(member, [...path, key]);
      }
    } else if (path.length > 0) {
      leaves.set(joinKey(path), value);
    }
  };
  walk(resolved, []);
  return leaves;
}
