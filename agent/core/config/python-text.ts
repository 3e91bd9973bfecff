import type { Json } from '../../protocol/values.ts';

/** A value as Python's `str()` writes it inside a text: `True`, `None`, `[1, 'a']`. */
export function pythonText(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  const members = Object.entries(value).map(([key, item]) => `'${key}': ${pythonRepr(item)}`);
  return `{${members.join(', ')}}`;
}

function pythonRepr(value: Json): string {
  return typeof value === 'string' ? `'${value}'` : pythonText(value);
}
