import type { Point } from '../protocol/journal.ts';
import type { Json, Numeric } from '../protocol/values.ts';
import { parseLooseJson } from './loose-json.ts';

/** A line that a program appended to `RUNRECORD_EVENTS`, as it is understood. */
export type ProgramEvent =
  | { type: 'metric'; point: Point }
  | { type: 'config'; values: Record<string, Json> }
  | {
      type: 'input';
      path: string | null;
      uri: string | null;
      name: string | null;
      digest: string | null;
      version: string | null;
    }
  | { type: 'output'; path: string; role: string }
  | { type: 'seed'; library: string; value: Numeric | null }
  | { type: 'note'; text: string }
  | { type: 'custom'; key: string; value: Json; unit: string | null };

const longestLine = 1_000_000;

/**
 * Reads one line; null for what is not understood (it stays in `events.jsonl` as it is). Accepts
 * the bare `NaN` and `Infinity` that Python writes; integers beyond 2^53 become strings of digits.
 */
export function parseProgramEvent(line: string): ProgramEvent | null {
  if (line.length > longestLine) return null;
  const value = parseLooseJson(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return readEvent(value);
}

function readEvent(event: { [key: string]: Json }): ProgramEvent | null {
  const text = (key: string) => (typeof event[key] === 'string' ? event[key] : null);
  // No file is called so, and the system refuses to look for it.
  const place = (key: string) => (text(key)?.includes('\0') ? null : text(key));
  switch (event.type) {
    case 'metric': {
      const name = text('name');
      const value = toNumeric(event.value);
      if (name === null || value === null) return null;
      const [step, epoch] = [toNumeric(event.step), toNumeric(event.epoch)];
      return {
        type: 'metric',
        point: { name, value, step, epoch, at: text('at'), unit: text('unit') },
      };
    }
    case 'config': {
      const values = event.values;
      if (typeof values !== 'object' || values === null || Array.isArray(values)) return null;
      return { type: 'config', values };
    }
    case 'input': {
      const [path, uri] = [place('path'), text('uri')];
      if (path === null && uri === null) return null;
      const [name, digest, version] = [text('name'), text('digest'), text('version')];
      return { type: 'input', path, uri, name, digest, version };
    }
    case 'output': {
      const path = place('path');
      return path === null ? null : { type: 'output', path, role: text('role') ?? 'output' };
    }
    case 'seed': {
      const library = text('library');
      return library === null ? null : { type: 'seed', library, value: toNumeric(event.value) };
    }
    case 'note': {
      const note = text('text');
      return note === null ? null : { type: 'note', text: note };
    }
    case 'custom': {
      const key = text('key');
      if (key === null || event.value === undefined) return null;
      return { type: 'custom', key, value: event.value, unit: text('unit') };
    }
    default:
      return null;
  }
}

/** A number, or one of the strings that stand for what JSON cannot hold; booleans count as 0 and 1. */
export function toNumeric(value: Json | undefined): Numeric | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return value;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? value : null;
}
