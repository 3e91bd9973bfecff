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

/** A module that is a bundle of its own, which is read when it is asked for. */
function leaveApart(filter, path) {
  return {
    name: 'leave-apart',
    setup({ onResolve }) {
      onResolve({ filter }, ({ kind }) =>
        kind === 'entry-point' ? null : { path, external: true },
      );
    },
  };
}

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

// The agent is CommonJS in one file, as a program waits for it to load: 13 ms less than as ES modules
// in many files (each of Node's own modules costs an ES facade). What is imported dynamically is
// compiled and run only when it is asked for.
const bundle = {
  ...common,
  format: 'cjs',
  define: { 'import.meta.url': '__moduleUrl' },
  banner: { js: "const __moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
};
const agent = build({
  ...bundle,
  entryPoints: ['agent/main.ts'],
  outfile: 'dist/agent/main.cjs',
});
// A launch has a file of its own, with less to read; and V8 keeps of each file what it compiled for
// the first process alone. To name each function again would take 4 ms of every start.
const launch = build({
  ...bundle,
  entryPoints: ['agent/run.ts'],
  outfile: 'dist/agent/run.cjs',
  keepNames: false,
  supported: { 'dynamic-import': false },
  plugins: [leaveApart(/\/main\.ts$/, './main.cjs')],
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
  plugins: [leaveApart(/\/language-client\.ts$/, './language-client.cjs')],
});
// They have printed what is wrong, and where.
await Promise.all([agent, launch, worker, languageClient, extension]).catch(() => process.exit(1));

// What lies in dist is what it is, wherever dist is moved to.
writeFileSync(join(dist, 'package.json'), '{ "type": "module" }\n');
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
while read -r a b c soft _; do
  [ "$a $b $c" = 'Max open files' ] && files=$soft
done 2>/dev/null </proc/$$/limits
room=--min-semi-space-size=16
[ "$1" = lsp ] && room=--max-semi-space-size=1
RUNRECORD_INHERITED="$ignored:\${files:-$(ulimit -Sn)}" exec ${quoted(nodePath())} "$room" ${quoted(join(dist, 'runrecord.cjs'))} "$@"
`,
);
chmodSync(join(dist, 'bin/runrecord'), 0o755);
