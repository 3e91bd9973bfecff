import { type BytePath, bytePath, pathText } from '../capture/byte-path.ts';
import { createIgnore } from '../capture/ignore-globs.ts';
import type { Layout } from '../store/layout.ts';

/**
 * Folders of caches and bookkeeping that tools keep beside code: nobody's results. What git-annex
 * keeps there is data, which the names of a workspace are links to.
 */
const caches = /\/(?:__pycache__|\.ipynb_checkpoints|\.git(?!\/annex\/objects\/))(?:\/|$)/;

/**
 * Tells what is never recorded as an output: our own folder, caches, and what the settings leave
 * out.
 */
export function createIgnoredTest(layout: Layout, globs: string[]): (path: BytePath) => boolean {
  const home = `${bytePath(layout.home)}/`;
  const root = `${bytePath(layout.root)}/`;
  const isIgnored = globs.length === 0 ? () => false : createIgnore(globs);
  return (path) =>
    path.startsWith(home) ||
    caches.test(path) ||
    (path.startsWith(root) && isIgnored(pathText(path.slice(root.length) as BytePath)));
}
