import type { Refuse } from './hydra-choices.ts';
import { type Element, isSweep, type Sweep, writeElement } from './hydra-element.ts';
import type { HydraFiles } from './hydra-load.ts';
import type { HydraWord } from './hydra-words.ts';
import { matchesGlob } from './match-glob.ts';

/** A key or a group that gets another value in each job of a multirun. */
export interface SweepChoice {
  key: string;
  /** As it was written. */
  text: string;
  /** As the jobs get them; null where the sweeper draws them. */
  values: string[] | null;
}

/**
 * A command line with the first option where a group is swept over, so that one job can be
 * composed. Outside of a multirun Hydra takes no sweep at all, and that is told.
 */
export function chooseFirst(
  words: HydraWord[],
  multirun: boolean,
  files: HydraFiles,
  refuse: Refuse,
): { words: HydraWord[]; sweeps: SweepChoice[] } {
  const sweeps: SweepChoice[] = [];
  const chosen = words.flatMap((word): HydraWord[] => {
    const { parsed, text } = word;
    const { value, key } = parsed;
    if (value === null || !isSweep(value)) return [word];
    if (!multirun) {
      const help = `${text} is a sweep: add --multirun, or write ${key}=[...] for a list`;
      refuse({ key, reason: 'schema', message: help, path: null, line: null });
      return [word];
    }
    const isGroup = files.groupExists(key);
    const items = isGroup && value.kind === 'glob' ? matchOptions(value, key, files) : value.items;
    const target = parsed.package === null ? key : `${key}@${parsed.package}`;
    sweeps.push({ key: target, text, values: items === null ? null : items.map(writeElement) });
    if (!isGroup) return [word];
    tellLost(items ?? [], word, files, refuse);
    const [first] = items ?? [];
    return first === undefined ? [] : [{ text, parsed: { ...parsed, value: first } }];
  });
  return { words: chosen, sweeps };
}

function matchOptions({ include, exclude }: Sweep, group: string, files: HydraFiles): Element[] {
  const matches = (name: string, globs: string[] = []) =>
    globs.some((glob) => matchesGlob(name, glob));
  return files
    .listOptions(group)
    .filter((name) => matches(name, include) && !matches(name, exclude))
    .map((value): Element => ({ kind: 'text', value }));
}

/** The options of a sweep that no file holds: their jobs would fail, one by one. */
function tellLost(items: Element[], word: HydraWord, files: HydraFiles, refuse: Refuse): void {
  const there = new Set(files.listOptions(word.parsed.key));
  for (const item of items) {
    // A name with a slash is of a group further in.
    if (item.kind !== 'text' || item.value.includes('/') || there.has(item.value)) continue;
    const message = `${word.text}: there is no config ${word.parsed.key}/${item.value}`;
    refuse({ key: word.parsed.key, reason: 'missing-file', message, path: null, line: null });
  }
}
