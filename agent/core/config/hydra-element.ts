import type { Json } from '../../protocol/values.ts';
import { setMember } from './node.ts';
import { parseInteger, pythonFloatText, recordFloat } from './python-number.ts';

/** A value of the override grammar, with what JSON cannot tell: quotes, and `1.0` from `1`. */
export type Element =
  | { kind: 'null' }
  | { kind: 'bool'; value: boolean }
  | { kind: 'int'; value: number | string }
  | { kind: 'float'; value: number }
  | { kind: 'text'; value: string; quote?: string }
  | { kind: 'list'; items: Element[] }
  | { kind: 'dict'; entries: [Element, Element][] };

/** A value that stands for several jobs of a multirun. */
export interface Sweep {
  kind: 'choice' | 'simple' | 'range' | 'interval' | 'glob';
  /** Null where it cannot be counted: an interval, a glob until the group is known. */
  items: Element[] | null;
  include?: string[];
  exclude?: string[];
  /** The ends of a range or an interval. */
  numbers?: Element[];
}

/** Why Hydra refuses a word of the command line, for a person. */
export class OverrideError extends Error {}

export function isSweep(value: Element | Sweep): value is Sweep {
  return ['choice', 'simple', 'range', 'interval', 'glob'].includes(value.kind);
}

export function elementToJson(element: Element): Json {
  switch (element.kind) {
    case 'null':
      return null;
    case 'float':
      return recordFloat(element.value);
    case 'list':
      return element.items.map(elementToJson);
    case 'dict': {
      const object: { [key: string]: Json } = {};
      for (const [key, value] of element.entries) {
        setMember(object, keyText(key), elementToJson(value));
      }
      return object;
    }
    default:
      return element.value;
  }
}

/** As Python's `json.dump` writes a key. */
function keyText(key: Element): string {
  return key.kind === 'null' || key.kind === 'bool' ? writeElement(key) : elementText(key);
}

/** As Python's `str()` writes it, which is what a key or a cast sees. */
export function elementText(element: Element): string {
  switch (element.kind) {
    case 'null':
      return 'None';
    case 'bool':
      return element.value ? 'True' : 'False';
    case 'float':
      return Number.isFinite(element.value)
        ? pythonFloatText(element.value)
        : String(element.value).replace('Infinity', 'inf').replace('NaN', 'nan');
    case 'list':
    case 'dict':
      return JSON.stringify(elementToJson(element));
    default:
      return String(element.value);
  }
}

/** A value as it would be written after the `=` again: what a job of a sweep is given. */
export function writeElement(element: Element): string {
  switch (element.kind) {
    case 'null':
      return 'null';
    case 'bool':
      return String(element.value);
    case 'text': {
      const { quote, value } = element;
      if (quote === undefined) return value.replace(/[\\()[\]{}:=, \t]/g, '\\$&');
      return `${quote}${value.replaceAll(quote, `\\${quote}`)}${quote}`;
    }
    case 'list':
      return `[${element.items.map(writeElement).join(',')}]`;
    case 'dict': {
      const pairs = element.entries.map(
        ([key, value]) => `${writeElement(key)}:${writeElement(value)}`,
      );
      return `{${pairs.join(',')}}`;
    }
    default:
      return elementText(element);
  }
}

export function readInt(text: string): Element {
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  const value = parseInteger(digits, 10, text.startsWith('-'));
  return { kind: 'int', value: typeof value === 'string' ? value : Number(value) };
}

export function readFloat(text: string): Element {
  const plain = text.replaceAll('_', '').toLowerCase();
  if (plain.endsWith('nan')) return { kind: 'float', value: Number.NaN };
  if (plain.endsWith('inf')) {
    const value = plain.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return { kind: 'float', value };
  }
  return { kind: 'float', value: Number(plain) };
}
