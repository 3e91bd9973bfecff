// Where a real VS Code is kept: in the clone, beside what git ignores. It is no dependency of the
// package, as it is larger than everything else together and only two tiers of tests need it.
import { join } from 'node:path';
import { root } from '../sources.ts';

/** VS Code's own server and browser build (VS Code 1.139.1), and what drives a window of it. */
export const versions = {
  'code-server': '4.139.1',
  'playwright-core': '1.65.1',
  [nodePackage()]: '24.21.0',
};

/** The folder of the host: `RUNRECORD_TEST_HOST` shares one among several clones. */
export const hostFolder = process.env.RUNRECORD_TEST_HOST ?? join(root, '.cache', 'vscode-host');
export const vscodeFolder = join(hostFolder, 'node_modules/code-server/lib/vscode');

/** The package that holds Node 24 and its C headers for this platform. */
export function nodePackage(): string {
  return `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
}

/** Node as the host was built for it: its native modules match no other. */
export function hostNode(): string {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return join(hostFolder, 'node_modules', nodePackage(), 'bin', name);
}
