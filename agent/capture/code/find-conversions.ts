import { lstatSync, readFileSync } from 'node:fs';
import { type BytePath, onDisk } from '../byte-path.ts';
import { type Attributes, isOn, readAttributes } from './attributes.ts';
import { conversionOf, rulesKey } from './conversion-rules.ts';
import { converts } from './converts.ts';
import { lastValue } from './git-config.ts';
import { type IndexEntry, readIndexEntries } from './index-file.ts';
import type { Worktree } from './repository.ts';
import type { SidecarState } from './sidecar-state.ts';
import { hashBytesOf, type UserIndex } from './user-index.ts';

export interface Conversions {
  /** Files that a plain checkout would give back with other bytes. */
  paths: BytePath[];
  /** What they depend on besides the files. */
  rules: string;
  /** Nothing is converted in either direction: git's own idea of a change is ours. */
  plain: boolean;
}

export interface ConversionInput {
  worktree: Worktree;
  user: UserIndex;
  /** The index of the snapshot. */
  workFile: string;
  kept: SidecarState | null;
  added: BytePath[];
  removed: BytePath[];
  /** Tracked files that are not as the user's index has them. */
  dirty: BytePath[];
}

/**
 * What git would convert of the snapshot. Only files that changed since the last launch are looked
 * at, unless the rules changed too.
 */
export async function findConversions(input: ConversionInput): Promise<Conversions> {
  const { worktree, kept, workFile } = input;
  const rules = rulesKey(worktree);
  const touched = [...input.added, ...input.removed];
  const areRulesTouched = touched.some((path) => /(^|\/)\.gitattributes$/.test(path));
  if (kept === null || kept.rules !== rules || areRulesTouched) return findAll(input, rules);
  if (touched.length === 0) return { paths: kept.conversions, rules, plain: kept.plain };
  const attributes = await readAttributes(worktree, workFile, input.added);
  const looked = new Set(touched);
  const others = kept.conversions.filter((path) => !looked.has(path));
  const found = input.added.filter((path) => isConverted(worktree, path, attributes.get(path)));
  const plain = kept.plain && isPlain(worktree, attributes);
  return { paths: [...others, ...found].sort(), rules, plain };
}

async function findAll(input: ConversionInput, rules: string): Promise<Conversions> {
  const { worktree, workFile } = input;
  const entries = entriesIn(workFile, worktree);
  const paths = entries.filter((entry) => (entry.mode & 0o170000) === 0o100000).map(pathOf);
  const attributes = await readAttributes(worktree, workFile, paths);
  const isAsStaged = await agrees(entries, input);
  return {
    paths: paths.filter((path) => isConverted(worktree, path, attributes.get(path))),
    rules,
    plain: isAsStaged && isPlain(worktree, attributes),
  };
}

/** Whether every file that git takes for unchanged has the blob in the user's index. */
async function agrees(entries: IndexEntry[], input: ConversionInput): Promise<boolean> {
  const user = await input.user.readWhole();
  const staged = new Map(user.entries.map((entry) => [entry.path, entry.id]));
  for (const path of input.dirty) staged.delete(path);
  return entries.every(({ path, id }) => (staged.get(path) ?? id) === id);
}

function isPlain(worktree: Worktree, attributes: Map<BytePath, Attributes>): boolean {
  const auto = lastValue(worktree.config, 'core.autocrlf')?.toLowerCase() ?? 'false';
  if (!['false', 'no', 'off', '0', ''].includes(auto)) return false;
  return [...attributes.values()].every((found) => !converting.some((name) => isOn(found, name)));
}

const converting = ['text', 'crlf', 'eol', 'filter', 'ident', 'working-tree-encoding'];

function pathOf(entry: IndexEntry): BytePath {
  return entry.path;
}

function entriesIn(workFile: string, worktree: Worktree): IndexEntry[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(workFile);
  } catch {
    // No index: nothing is in the snapshot.
    return [];
  }
  return readIndexEntries(bytes, hashBytesOf(worktree));
}

function isConverted(
  worktree: Worktree,
  path: BytePath,
  attributes: Attributes | undefined,
): boolean {
  const conversion = conversionOf(attributes, worktree.config);
  const { crlf, ident, encoding, smudge } = conversion;
  if (crlf === null && !ident && encoding === null && smudge === null) return false;
  try {
    const file = onDisk(worktree.top, path);
    // Neither a link nor a submodule is converted.
    return lstatSync(file).isFile() && converts(readFileSync(file), conversion);
  } catch {
    return false;
  }
}
