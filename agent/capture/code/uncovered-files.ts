import { isAbsolute, resolve } from 'node:path';
import type { Code } from '../../protocol/record.ts';
import { bytePath, fromRecorded } from '../byte-path.ts';
import { git } from '../git.ts';
import { realPath } from '../workspace-path.ts';
import { isWithin } from './import-path.ts';

/** Why a file that ran is in no snapshot; null: there is no repository around the workspace. */
export type Uncovered = 'ignored' | 'left-out' | 'outside' | null;

interface Place {
  top: string;
  tree: string | null;
  /** Before the path, in `code.leftOut`. */
  prefix: string;
}

/**
 * Those of `files` (absolute, as text) that no snapshot of the record holds, by one question to git
 * for each repository. Links are followed. Where git has no answer a file counts as not held.
 */
export async function findUncovered(
  files: string[],
  code: Code,
  workspaceRoot: string,
): Promise<Map<string, Uncovered>> {
  const places = placesOf(code, workspaceRoot);
  const leftOut = new Set(code.leftOut.map(fromRecorded));
  const uncovered = new Map<string, Uncovered>();
  const asked = new Map<Place, [string, string][]>();
  for (const file of files) {
    const real = realPath(file);
    const place = places.find(({ top }) => isWithin(real, top));
    if (place === undefined) {
      uncovered.set(file, code.root === null ? null : 'outside');
      continue;
    }
    const inside = pathInside(real, place.top);
    const known = asked.get(place) ?? [];
    known.push([file, inside]);
    asked.set(place, known);
  }
  for (const [place, inside] of asked) {
    const held = await heldBy(place, inside);
    for (const [at, [file, path]] of inside.entries()) {
      if (held[at] === true) continue;
      const isListed = place.tree === null || leftOut.has(bytePath(place.prefix + path));
      uncovered.set(file, isListed ? 'left-out' : 'ignored');
    }
  }
  return uncovered;
}

/**
 * Those of `files` (absolute) that the index of the repository at `top` has. A snapshot has them too,
 * but for what it leaves out; this can be asked before it is made.
 */
export async function findIndexed(files: string[], top: string): Promise<Set<string>> {
  const realTop = realPath(top);
  const inside = files.flatMap((file): [string, string][] => {
    const real = realPath(file);
    return isWithin(real, realTop) ? [[file, pathInside(real, realTop)]] : [];
  });
  if (inside.length === 0) return new Set();
  // A name after a colon alone is looked up in the index.
  const held = await heldBy({ top: realTop, tree: '', prefix: '' }, inside);
  return new Set(inside.filter((_, at) => held[at] === true).map(([file]) => file));
}

function pathInside(path: string, top: string): string {
  return path.slice(top.length + (top.endsWith('/') ? 0 : 1));
}

/** The deepest first: a file of a submodule is not the outer repository's. */
function placesOf(code: Code, workspaceRoot: string): Place[] {
  const places: Place[] = [];
  const root = resolve(workspaceRoot, code.root ?? '.');
  if (code.root !== null) places.push({ top: realPath(root), tree: code.tree, prefix: '' });
  for (const { path, tree } of [...code.submodules, ...code.repositories]) {
    const top = isAbsolute(path) ? path : resolve(root, path);
    places.push({ top: realPath(top), tree, prefix: `${path}/` });
  }
  return places.sort((a, b) => b.top.length - a.top.length);
}

async function heldBy({ top, tree }: Place, inside: [string, string][]): Promise<boolean[]> {
  if (tree === null) return inside.map(() => false);
  // A name with a newline would be two questions: it is taken for one that is not held.
  const names = inside.map(([, path]) => `${tree}:${path.includes('\n') ? '' : path}`);
  try {
    const output = await git(['cat-file', '--batch-check=%(objecttype)', '--buffer'], {
      cwd: top,
      input: Buffer.from(`${names.join('\n')}\n`),
    });
    return output
      .toString('latin1')
      .trimEnd()
      .split('\n')
      .map((line) => line === 'blob');
  } catch {
    return inside.map(() => false);
  }
}
