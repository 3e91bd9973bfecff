import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './sources.ts';
import { Workspace } from './workspace.ts';

const example = join(root, 'examples', 'digits');
const leftBehind = /^(?:out|\.runrecord|__pycache__)(?:\/|$)/;

/** A copy of the example, committed once; `more` files go with it. `root`: where, if not anywhere. */
export function makeDigits(more: Record<string, string> = {}, root?: string): Workspace {
  const paths = readdirSync(example, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(example.length + 1))
    .filter((path) => !leftBehind.test(path));
  const files = paths.map((path) => [path, readFileSync(join(example, path), 'utf8')]);
  return new Workspace(
    { ...Object.fromEntries(files), ...more },
    root === undefined ? {} : { root },
  );
}

/** Replaces text of a file that holds it once. */
export function edit(workspace: Workspace, path: string, before: string, after: string): void {
  const text = workspace.read(path);
  if (text.split(before).length !== 2) throw new Error(`${path} does not hold ${before} once`);
  workspace.write(path, text.replace(before, after));
}
