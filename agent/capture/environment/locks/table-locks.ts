import { normaliseName } from '../distribution-metadata.ts';
import { listOf, mapOf, readTomlTables, type TomlTable, textOf } from './lock-toml.ts';
import { evaluateMarker, type MarkerValues, type Truth } from './markers.ts';
import { type Wanted, WantedList } from './wanted.ts';

const skipped = new Set(['files', 'wheels', 'sdist', 'summary', 'description', 'hashes']);

interface Item {
  values: TomlTable['values'];
  lines: TomlTable['lines'];
  /** `[package.source]`, `[packages.vcs]`: tables of a package by their last word. */
  below: Map<string, TomlTable['values']>;
}

/**
 * `poetry.lock`: from version 2.1 on it says for which groups and markers a package is. In an older
 * one that is in `pyproject.toml`, with everything resolved: nothing is known to be required then.
 */
export function readPoetryLock(text: string, markers: MarkerValues): Wanted[] {
  const wanted = new WantedList();
  for (const item of readItems(text, 'package')) {
    const { values } = item;
    const source = item.below.get('source') ?? {};
    if (/^(?:directory|file)$/.test(textOf(source.type) ?? '')) continue;
    const groups = listOf(values.groups).map(String);
    const holds = poetryMarker(values, markers);
    if (holds === false) continue;
    const required = groups.includes('main') && values.optional !== true && holds === true;
    const commit = textOf(source.resolved_reference) ?? undefined;
    addItem(wanted, item, required, textOf(source.type) === 'git' ? commit : undefined);
  }
  return wanted.all();
}

/** One marker for all groups, or a table of them: then that of the main group counts. */
function poetryMarker(values: TomlTable['values'], markers: MarkerValues): Truth {
  const text = textOf(values.markers);
  if (text !== null) return evaluateMarker(text, markers);
  const byGroup = mapOf(values.markers);
  const main = textOf(byGroup.main);
  if (main !== null) return evaluateMarker(main, markers);
  return Object.keys(byGroup).length === 0 ? true : null;
}

/** `pdm.lock`: groups and a marker with each package. */
export function readPdmLock(text: string, markers: MarkerValues): Wanted[] {
  const wanted = new WantedList();
  for (const item of readItems(text, 'package')) {
    const { values } = item;
    if (values.path !== undefined || values.editable === true) continue;
    const marker = textOf(values.marker);
    const holds = marker === null ? true : evaluateMarker(marker, markers);
    if (holds === false) continue;
    const isDefault = listOf(values.groups).map(String).includes('default');
    const commit = textOf(values.revision) ?? undefined;
    addItem(wanted, item, isDefault && holds === true, commit);
  }
  return wanted.all();
}

/** `pylock.toml` (PEP 751); which extras and groups were chosen is not written in it. */
export function readPylock(text: string, markers: MarkerValues): Wanted[] {
  const wanted = new WantedList();
  for (const item of readItems(text, 'packages')) {
    const { values, below } = item;
    if (values.directory !== undefined || below.has('directory')) continue;
    const marker = textOf(values.marker);
    const holds = marker === null ? true : evaluateMarker(marker, markers);
    if (holds === false) continue;
    const vcs = below.get('vcs') ?? mapOf(values.vcs);
    addItem(wanted, item, holds === true, textOf(vcs['commit-id']) ?? undefined);
  }
  return wanted.all();
}

function addItem(wanted: WantedList, item: Item, required: boolean, commit?: string): void {
  const name = textOf(item.values.name);
  if (name === null) return;
  const version = textOf(item.values.version);
  const line = item.lines.version ?? item.lines.name ?? 0;
  wanted.add('pypi', normaliseName(name), { version, line, commit }, required);
}

function readItems(text: string, kind: string): Item[] {
  const items: Item[] = [];
  for (const { header, isItem, values, lines } of readTomlTables(text, skipped)) {
    if (header === kind && isItem) items.push({ values, lines, below: new Map() });
    else if (header.startsWith(`${kind}.`)) {
      items.at(-1)?.below.set(header.slice(kind.length + 1), values);
    }
  }
  return items;
}
