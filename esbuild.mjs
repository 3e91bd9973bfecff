// Builds every bundle: the agent with the command line, its worker, and what is copied as it is.
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: { main: 'agent/main.ts', 'hash-worker': 'agent/capture/data/hash-worker.ts' },
  outdir: 'dist/agent',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  // ES modules first: of a CommonJS one, a dynamic import gives the default alone.
  mainFields: ['module', 'main'],
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  keepNames: true,
  legalComments: 'linked',
  // CommonJS packages inside an ES module still ask for `require`.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
}).catch(() => process.exit(1)); // It has printed what is wrong, and where.

// What lies in dist is what it is, wherever dist is moved to.
writeFileSync(join(dist, 'package.json'), '{ "type": "module" }\n');
cpSync(join(root, 'agent/launcher.cjs'), join(dist, 'runrecord.cjs'));
cpSync(join(root, 'agent/python'), join(dist, 'agent/python'), {
  recursive: true,
  filter: (source) => !source.endsWith('__pycache__'),
});

// A door for shells: this Node, whatever the machine's own is.
mkdirSync(join(dist, 'bin'), { recursive: true });
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
writeFileSync(
  join(dist, 'bin/runrecord'),
  `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(join(dist, 'runrecord.cjs'))} "$@"\n`,
);
chmodSync(join(dist, 'bin/runrecord'), 0o755);
