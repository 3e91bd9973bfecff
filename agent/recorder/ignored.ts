import { createIgnore } from '../capture/code/ignore-globs.ts';
import { type BytePath, bytePath } from '../capture/data/byte-path.ts';
import type { Layout } from '../store/layout.ts';

/** Tells what is never recorded as an output: our own folder, and what the settings leave out. */
export function createIgnoredTest(layout: Layout, globs: string[]): (path: BytePath) => boolean {
  const home = `${bytePath(layout.home)}/`;
  const root = `${bytePath(layout.root)}/`;
  const isIgnored = globs.length === 0 ? () => false : createIgnore(globs);
  return (path) =>
    path.startsWith(home) || (path.startsWith(root) && isIgnored(path.slice(root.length)));
}
