import { normaliseName } from '../distribution-metadata.ts';
import { evaluateMarker, type MarkerValues } from './markers.ts';
import { type Wanted, WantedList } from './wanted.ts';

interface Entry {
  version?: unknown;
  markers?: unknown;
  ref?: unknown;
  path?: unknown;
  file?: unknown;
}

/** `Pipfile.lock`: `default` is what is always installed, the rest are groups. */
export function readPipfileLock(text: string, markers: MarkerValues): Wanted[] {
  const lock = JSON.parse(text) as Record<string, Record<string, Entry>>;
  const lineOf = createLineFinder(text);
  const wanted = new WantedList();
  for (const [section, entries] of Object.entries(lock)) {
    if (section === '_meta' || typeof entries !== 'object') continue;
    for (const [name, { version, markers: marker, ref, path }] of Object.entries(entries)) {
      if (path !== undefined) continue;
      const holds = typeof marker === 'string' ? evaluateMarker(marker, markers) : true;
      if (holds === false) continue;
      const exact = typeof version === 'string' && version.startsWith('==');
      const choice = {
        version: exact ? version.slice(2) : null,
        commit: typeof ref === 'string' ? ref : undefined,
        line: lineOf(name),
      };
      const required = section === 'default' && holds === true;
      wanted.add('pypi', normaliseName(name), choice, required);
    }
  }
  return wanted.all();
}

function createLineFinder(text: string): (name: string) => number {
  const lines = new Map<string, number>();
  text.split('\n').forEach((line, index) => {
    const name = /^\s*("(?:[^"\\]|\\.)*")\s*:\s*\{/.exec(line)?.[1];
    if (name && !lines.has(name)) lines.set(name, index + 1);
  });
  return (name) => lines.get(JSON.stringify(name)) ?? 0;
}
