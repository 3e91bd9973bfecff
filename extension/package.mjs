// `npm run package`: run-record-<version>.vsix, with what .vscodeignore lets in. Asks no server.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare, root } from '../test/support/prepare.mjs';

const mostBytes = 5_000_000;

/**
 * Builds the package and answers its absolute path.
 * @param {string} [folder] where to put it; the clone's own by default
 */
export async function makePackage(folder = root) {
  prepare();
  // Only now: a fresh clone has no packages before.
  const { createVSIX } = await import('@vscode/vsce');
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const path = join(folder, `${name}-${version}.vsix`);
  await createVSIX({
    cwd: root,
    packagePath: path,
    // Everything is bundled.
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const { size } = statSync(path);
  if (size > mostBytes) throw new Error(`${path} has ${size} bytes, more than ${mostBytes}.`);
  return path;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  makePackage().then(
    (path) => console.log(`${path}  ${statSync(path).size} bytes`),
    (error) => {
      console.error(`The package could not be made: ${error.message}`);
      process.exit(1);
    },
  );
}
