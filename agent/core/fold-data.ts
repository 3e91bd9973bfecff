import type { DataEntry } from '../protocol/record.ts';

/**
 * The data of a run after more was found: an entry replaces the one that stood for the same path
 * (and name). How it was seen adds up, and what was an input stays one, whoever tells of it last.
 * `folded`: folders that stand for the files in them that only the hook saw.
 */
export function foldEntries(
  standing: DataEntry[],
  entries: DataEntry[],
  folded: string[],
): DataEntry[] {
  const all = [...standing];
  const places = new Map<string, number[]>();
  all.forEach((entry, place) => {
    remember(places, entry, place);
  });
  for (const entry of entries) {
    const place = (places.get(keyOf(entry)) ?? []).find((at) => haveSameName(all[at], entry));
    if (place === undefined) {
      remember(places, entry, all.length);
      all.push(entry);
    } else {
      all[place] = merge(all[place] as DataEntry, entry);
    }
  }
  return folded.length === 0 ? all : all.filter((entry) => !isFolded(entry, folded));
}

function merge(standing: DataEntry, entry: DataEntry): DataEntry {
  const isKnown = standing.seen.every((seen) => entry.seen.includes(seen));
  if (isKnown && (entry.role === 'input' || standing.role === 'named')) return entry;
  const seen = [...new Set([...standing.seen, ...entry.seen])];
  return { ...entry, seen, role: standing.role === 'input' ? 'input' : entry.role };
}

/** One path may stand twice under two names; where one side has no name, the path decides. */
function haveSameName(a: DataEntry | undefined, b: DataEntry): boolean {
  return a?.name === b.name || a?.name === undefined || b.name === undefined;
}

function isFolded(entry: DataEntry, folders: string[]): boolean {
  if (entry.mode !== 'full' || entry.changedDuringRun || entry.digest === null) return false;
  if (entry.seen.some((seen) => seen !== 'hook')) return false;
  return folders.some((folder) => entry.path.startsWith(folder === '.' ? '' : `${folder}/`));
}

function keyOf({ path, pathBytes }: DataEntry): string {
  return pathBytes === undefined ? path : `${path}\0${pathBytes}`;
}

function remember(places: Map<string, number[]>, entry: DataEntry, place: number): void {
  const key = keyOf(entry);
  const known = places.get(key);
  if (known === undefined) places.set(key, [place]);
  else known.push(place);
}
