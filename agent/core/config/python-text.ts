import type { ConfigNode, Scalar } from './node.ts';
import { pythonFloatText } from './python-number.ts';

/** A value as Python's `str()` writes it inside a text: `True`, `None`, `[1.0, 'a']`. */
export function pythonText(node: ConfigNode): string {
  if (node.kind === 'scalar') {
    if (node.text) return String(node.value);
    return scalarText(node.value, node.float === true);
  }
  if (node.kind === 'list') return `[${node.items.map(pythonRepr).join(', ')}]`;
  const members = [...node.entries].map(([key, item]) => `${keyRepr(key)}: ${pythonRepr(item)}`);
  return `{${members.join(', ')}}`;
}

function scalarText(value: Scalar, float: boolean): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') {
    return float || !Number.isInteger(value) ? pythonFloatText(value) : String(value);
  }
  return value.replace('Infinity', 'inf').replace('NaN', 'nan');
}

function pythonRepr(node: ConfigNode): string {
  if (node.kind !== 'scalar' || !node.text) return pythonText(node);
  return quote(String(node.value));
}

/** Keys are text here: those that look like whole numbers were numbers. */
function keyRepr(key: string): string {
  return /^-?(?:0|[1-9]\d*)$/.test(key) ? key : quote(key);
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `${mark}${mark === "'" ? inside.replaceAll("'", "\\'") : inside}${mark}`;
}
