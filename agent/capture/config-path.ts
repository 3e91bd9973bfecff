import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { joinKey } from '../core/config/key-path.ts';
import { leavesOf } from '../core/config/leaves.ts';
import type { ConfigNode } from '../core/config/node.ts';
import { isInputKey, isOutputKey, isUri, looksLikePath } from '../core/config/path-value.ts';

/** A value of the configuration that names a file, a folder or a place on the network. */
export interface ConfigPath {
  key: string;
  /** As it is written. */
  value: string;
  /** Where it is written, as the record has it; null for an override. */
  path: string | null;
  line: number | null;
  /** The absolute path that is there, or the URI. */
  target: string;
}

export interface PathPlaces {
  workspaceRoot: string;
  cwd: string;
  /** The user's home, for `~/data`. */
  home: string | undefined;
}

/** The path that a value means, if it is there: below the working directory, the config, the root. */
export function findPath(value: string, from: string | null, places: PathPlaces): string | null {
  if (value.includes('\0') || value.length > 4096) return null;
  if (value === '~' || value.startsWith('~/')) {
    const expanded = places.home === undefined ? null : resolve(places.home, value.slice(2));
    return expanded !== null && existsSync(expanded) ? expanded : null;
  }
  const folders = isAbsolute(value) ? ['/'] : [places.cwd];
  if (!isAbsolute(value)) {
    if (from !== null) folders.push(resolve(places.workspaceRoot, dirname(from)));
    folders.push(places.workspaceRoot);
  }
  return folders.map((folder) => resolve(folder, value)).find((path) => existsSync(path)) ?? null;
}

/** The values of a resolved tree that name something that is there, outputs left out. */
export function findConfigPaths(root: ConfigNode, places: PathPlaces): ConfigPath[] {
  const found: ConfigPath[] = [];
  for (const { segments, node } of leavesOf(root)) {
    if (isOutputKey(segments)) continue;
    for (const scalar of node.kind === 'list' ? node.items : [node]) {
      if (scalar.kind !== 'scalar' || typeof scalar.value !== 'string' || !scalar.text) continue;
      const { value, origin } = scalar;
      const from = origin.path ?? null;
      const target = isUri(value)
        ? value
        : isInputKey(segments) || looksLikePath(value)
          ? findPath(value, from, places)
          : null;
      if (target === null || /^(?:\.{0,2}|\/|~)$/.test(value)) continue;
      found.push({ key: joinKey(segments), value, path: from, line: origin.line ?? null, target });
    }
  }
  return found;
}
