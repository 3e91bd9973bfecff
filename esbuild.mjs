// Builds every bundle: the agent with the command line, its worker, the editor's client, and what is
// copied as it is.
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { nodePath } from './test/support/prepare.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  minify: true,
  keepNames: true,
  legalComments: 'linked',
  // ES modules first: of a CommonJS one, a dynamic import gives the default alone.
  mainFields: ['module', 'main'],
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
};

// The agent is one CommonJS file, as a program waits for it to load: 13 ms less than as ES modules
// in many files (each of Node's own modules costs an ES facade). What is imported dynamically is
// compiled and run only when it is asked for.
const agent = build({
  ...common,
  entryPoints: ['agent/main.ts'],
  outfile: 'dist/agent/main.cjs',
  format: 'cjs',
  define: { 'import.meta.url': '__moduleUrl' },
  banner: { js: "const __moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
});
const worker = build({
  ...common,
  entryPoints: ['agent/capture/data/hash-worker.ts'],
  outfile: 'dist/agent/hash-worker.js',
  format: 'esm',
});
// The editor's client, in two: the window waits for the first, and the language client with all that
// it brings is read when an agent is needed. VS Code itself has `vscode`.
const editor = {
  ...common,
  format: 'cjs',
  external: ['vscode'],
  supported: { 'dynamic-import': false },
};
const languageClient = build({
  ...editor,
  entryPoints: ['extension/language-client.ts'],
  outfile: 'dist/language-client.cjs',
});
const extension = build({
  ...editor,
  entryPoints: ['extension/extension.ts'],
  outfile: 'dist/extension.cjs',
  plugins: [
    {
      name: 'language-client-apart',
      setup({ onResolve }) {
        onResolve({ filter: /\/language-client\.ts$/ }, ({ kind }) =>
          kind === 'entry-point' ? null : { path: './language-client.cjs', external: true },
        );
      },
    },
  ],
});
// They have printed what is wrong, and where.
await Promise.all([agent, worker, languageClient, extension]).catch(() => process.exit(1));

// What lies in dist is what it is, wherever dist is moved to.
writeFileSync(join(dist, 'package.json'), '{ "type": "module" }\n');
// The same code under a second name: V8 keeps what it compiled by file, and only of the functions
// that ran in the first process. So a launch has the functions of a launch.
cpSync(join(dist, 'agent/main.cjs'), join(dist, 'agent/run.cjs'));
cpSync(join(root, 'agent/launcher.cjs'), join(dist, 'runrecord.cjs'));
cpSync(join(root, 'agent/python'), join(dist, 'agent/python'), {
  recursive: true,
  filter: (source) => !source.endsWith('__pycache__'),
});

// Python would leave its bytecode where it finds `sitecustomize`; where a file has the name of that
// folder it goes on without. The rest of what runs inside keeps its bytecode in the user's cache.
writeFileSync(join(dist, 'agent/python/inside/site/__pycache__'), '');

// A door for shells: this Node, whatever the machine's own is.
mkdirSync(join(dist, 'bin'), { recursive: true });
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
writeFileSync(
  join(dist, 'bin/runrecord'),
  `#!/bin/sh
# Node resets ignored signals (nohup) and raises the limit of open files before our code runs: what
# they were is handed on, for the program that is recorded. Room for young objects spares a launch
# several collections; a language server, which stays, has little.
while read -r key value; do
  [ "$key" = SigIgn: ] && ignored=$value
done 2>/dev/null </proc/$$/status
room=--min-semi-space-size=16
[ "$1" = lsp ] && room=--max-semi-space-size=1
RUNRECORD_INHERITED="$ignored:$(ulimit -Sn)" exec ${quoted(nodePath())} "$room" ${quoted(join(dist, 'runrecord.cjs'))} "$@"
`,
);
chmodSync(join(dist, 'bin/runrecord'), 0o755);
