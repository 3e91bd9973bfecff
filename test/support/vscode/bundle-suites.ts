import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../sources.ts';

const folder = join(root, 'dist', 'test');

/**
 * Bundles the suites of test/host, one file each, and what starts them: VS Code loads CommonJS.
 * @returns the module for VS Code to start, and the bundle of each suite by its name.
 */
export async function bundleSuites(): Promise<{ main: string; suites: Map<string, string> }> {
  const names = readdirSync(join(root, 'test/host'))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => basename(name, '.test.ts'));
  await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    sourcemap: 'inline',
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    entryPoints: [
      { in: 'test/support/vscode/inside.ts', out: 'host' },
      ...names.map((name) => ({ in: `test/host/${name}.test.ts`, out: `host/${name}` })),
    ],
    define: { 'import.meta.url': '__moduleUrl' },
    banner: { js: "const __moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
    // Mocha as a library is the one in node_modules, with the reporter that counts.
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return {
    main: join(folder, 'host.cjs'),
    suites: new Map(names.map((name) => [name, join(folder, 'host', `${name}.cjs`)])),
  };
}
