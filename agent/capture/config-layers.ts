import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { includesOf, isNeeded, layOnBases } from '../core/config/config-includes.ts';
import { emptyMap, mergeNodes } from '../core/config/merge-nodes.ts';
import type { Diagnostic, MapNode } from '../core/config/node.ts';
import { recognisePairs } from '../core/config/override-pairs.ts';
import { findNode, type Override, recogniseOverrides } from '../core/config/overrides.ts';
import type { ScriptConfig } from './config-script.ts';
import type { ConfigSource } from './config-source.ts';

const maxBytes = 1_000_000;
const maxDepth = 20;

/** The files that a script loads by names of its own, that are there. */
export function findScriptFiles(program: ScriptConfig, cwd: string, isNamed: boolean): string[] {
  if (program.hydra !== null) return [];
  const { paths, fallbacks } = program.sources;
  return [...paths, ...(isNamed ? [] : fallbacks)]
    .map((path) => resolve(cwd, path))
    .filter((path) => {
      const stat = path.includes('\0') ? undefined : statSync(path, { throwIfNoEntry: false });
      return stat?.isFile() === true && stat.size <= maxBytes;
    });
}

export interface Layers {
  roots: MapNode[];
  /** All of the command line. */
  overrides: Override[];
  /** Those that a file named after them does not take back. */
  standing: Override[];
  missing: Diagnostic[];
}

/**
 * Plain files in the order in which the program lays them on each other, each on the files that it
 * says it is based on, and the overrides of the command line above them. The bases are added to
 * `sources`, before what is based on them.
 */
export async function readLayers(options: {
  program: ScriptConfig;
  argv: readonly string[];
  from: number;
  cwd: string;
  sources: Map<string, ConfigSource>;
  read: (absolute: string) => Promise<ConfigSource>;
  /** Words that name files, and which. */
  taken: ReadonlyMap<number, string>;
}): Promise<Layers> {
  const { program, argv, from, cwd, sources, read, taken } = options;
  const named = [...sources.values()];
  sources.clear();
  const missing: Diagnostic[] = [];
  const layers: { source: ConfigSource; root: MapNode }[] = [];
  // A base that several files share is laid out once.
  const laidOut = new Map<string, MapNode>();
  for (const source of named) {
    for (const own of rootOf(source)) {
      const root = await layOut(source, own, 0);
      layers.push({ source, root });
    }
    sources.set(source.absolute, source);
  }
  const roots = layers.map(({ root }) => root);
  const merged = roots.reduce((under, over) => mergeNodes(under, over) as MapNode, emptyMap());
  const words = new Set(taken.keys());
  const pairs = program.sources.takesPairs ? recognisePairs(argv, from, merged, words) : [];
  for (const token of pairs.flatMap(({ tokens }) => tokens)) words.add(token);
  const dotted = program.sources.ordered;
  const plain = recogniseOverrides(argv, { from, root: merged, taken: words, dotted });
  const overrides = [...plain, ...pairs].toSorted(
    (a, b) => (a.tokens[0] ?? 0) - (b.tokens[0] ?? 0),
  );
  const standing = program.sources.ordered
    ? overrides.filter((override) => !isTakenBack(override))
    : overrides;
  return { roots, overrides, standing, missing };

  /** A file that is named further along, and has the key, stands over the option. */
  function isTakenBack({ tokens, segments }: Override): boolean {
    return layers.some(({ source, root }) => {
      const places = [...taken].filter(([, absolute]) => absolute === source.absolute);
      const isLater = places.some(([place]) => place > (tokens.at(-1) ?? 0));
      return isLater && findNode(root, segments) !== null;
    });
  }

  async function layOut(source: ConfigSource, own: MapNode, depth: number): Promise<MapNode> {
    const known = laidOut.get(source.absolute);
    if (known !== undefined) return known;
    const bases: MapNode[] = [];
    for (const include of includesOf(own)) {
      const written = String(include.value);
      const absolute = [dirname(source.absolute), cwd]
        .map((folder) => resolve(folder, written))
        .find((path) => existsSync(path));
      if (absolute === undefined || depth >= maxDepth) {
        if (!isNeeded(own, include)) continue;
        const { origin, column } = include;
        const message =
          absolute === undefined ? `${written} is not there` : 'it is based on itself';
        const at = { path: origin.path ?? null, line: origin.line ?? null, column };
        missing.push({ key: null, reason: 'missing-file', message, ...at });
        continue;
      }
      if (absolute === source.absolute) continue;
      const base = sources.get(absolute) ?? (await read(absolute));
      for (const root of rootOf(base)) bases.push(await layOut(base, root, depth + 1));
      sources.set(absolute, base);
    }
    const root = layOnBases(bases, own);
    laidOut.set(source.absolute, root);
    return root;
  }
}

/** A file that holds no map stands under its own name. */
function rootOf(source: ConfigSource): MapNode[] {
  const { root } = source.parsed;
  if (root === null || (root.kind === 'scalar' && root.value === null)) return [];
  if (root.kind === 'map') return [root];
  const name = basename(source.path, extname(source.path));
  return [{ ...emptyMap(), entries: new Map([[name, root]]) }];
}
