import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * What the extension adds to the start of a window: loading its bundle and `activate`, in a
 * process of its own each time. The editor's API is a stand-in that answers at once, as the time
 * of the editor itself is not ours. In an empty window: nothing may be started there.
 */
const budgetMs = 50;
const root = resolve(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '9' },
    json: { type: 'boolean', default: false },
  },
});

const program = `
const Module = require('node:module');
const { mkdtempSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const folder = mkdtempSync(join(require('node:os').tmpdir(), 'activation-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const started = [];
for (const name of ['spawn', 'fork', 'exec', 'execFile'])
  require('node:child_process')[name] = (...words) => { started.push(words); throw new Error(name); };
const own = { workspaceFolders: [], isTrusted: true, fsPath: folder, extensionPath: ${JSON.stringify(root)} };
const stand = new Proxy(function () {}, {
  get: (_, key) => key === Symbol.toPrimitive ? () => '' : key === Symbol.iterator ? [][Symbol.iterator] :
    key === 'then' ? undefined : key in own ? own[key] : stand,
  apply: () => stand,
  construct: () => stand,
  set: () => true,
});
const load = Module._load;
const names = 'window workspace commands languages env Uri EventEmitter ThemeIcon ThemeColor TreeItem TreeItemCollapsibleState MarkdownString StatusBarAlignment Disposable RelativePattern QuickPickItemKind ViewColumn FileType FileSystemError ProgressLocation ConfigurationTarget CancellationTokenSource Range Position'.split(' ');
const api = Object.fromEntries(names.map((name) => [name, stand]));
Module._load = (name, ...rest) => (name === 'vscode' ? api : load(name, ...rest));
const context = new Proxy({ subscriptions: [], extensionPath: ${JSON.stringify(root)} }, {
  get: (target, key) => (key in target ? target[key] : stand),
});
const startMs = performance.now();
const extension = require(${JSON.stringify(join(root, 'dist/extension.cjs'))});
Promise.resolve(extension.activate(context)).then(() => {
  process.stdout.write(JSON.stringify({ ms: performance.now() - startMs, started: started.length }));
  process.exit();
});
`;

const samples = Array.from({ length: Number(options.runs) }, () => {
  const text = execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  return JSON.parse(text) as { ms: number; started: number };
});
const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
const minMs = sorted[0] ?? Number.NaN;
const medianMs = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
const started = Math.max(...samples.map((sample) => sample.started));
if (options.json) console.log(JSON.stringify({ minMs, medianMs, budgetMs, started }));
else {
  console.log(`Loading and activating the extension, ${sorted.length} times in a new process`);
  console.log(`  min ${minMs.toFixed(1)} ms, median ${medianMs.toFixed(1)} ms`);
  console.log(`  at most ${budgetMs} ms: ${medianMs <= budgetMs ? 'kept' : 'NOT KEPT'}`);
  console.log(`  processes started in a window with nothing to record: ${started}`);
}
