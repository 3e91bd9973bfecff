import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { extensionId } from '../extension/ids.ts';
import { makeWorkspace, recordRun } from '../test/support/journals.ts';
import { openWindow } from '../test/support/vscode/open-window.ts';
import { startHost } from '../test/support/vscode/start-host.ts';

/**
 * What the extension adds to the start of a window. By itself: loading its bundle and `activate`, in
 * a process of its own each time, beside a stand-in for the editor's API that answers at once; in an
 * empty window, where nothing may be started. And with `--window` as a real VS Code counts it, in a
 * folder with a record (the host of the tests, which `npm test -- host` brings).
 */
const budgetMs = 50;
const windows = 5;
const root = resolve(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '9' },
    json: { type: 'boolean', default: false },
    window: { type: 'boolean', default: false },
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

/** What a real window says: `Developer: Show Running Extensions`, in VS Code's own words and count. */
async function inWindow(): Promise<number[]> {
  const { workspace, dispose } = recordedWorkspace();
  const host = await startHost({ workspace, trusted: true, development: root });
  const window = await openWindow(host);
  const found: number[] = [];
  try {
    for (let time = 0; time < windows; time += 1) {
      if (time > 0) await window.reload();
      await window.showRuns();
      await window.runCommand('Developer: Show Running Extensions');
      const rows = window.page.locator('.runtime-extensions-editor .monaco-list-row');
      await rows.first().click();
      // Sorted by what each took: the quick ones come last, and what is not seen is not drawn.
      await window.page.keyboard.press('End');
      const own = rows.filter({ hasText: extensionId }).first();
      await own.waitFor({ timeout: 30_000 });
      const ms = /Activation: (\d+)ms/.exec((await own.textContent()) ?? '')?.[1];
      if (ms !== undefined) found.push(Number(ms));
    }
  } finally {
    await window.close();
    await host.close();
    dispose();
  }
  return found.sort((a, b) => a - b);
}

/** A folder with a record in it: the extension is activated by it. */
function recordedWorkspace() {
  const { layout, remove } = makeWorkspace();
  recordRun(layout, { name: 'digits' });
  return { workspace: layout.root, dispose: remove };
}

const samples = Array.from({ length: Number(options.runs) }, () => {
  const text = execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  return JSON.parse(text) as { ms: number; started: number };
});
const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
const minMs = sorted[0] ?? Number.NaN;
const medianMs = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
const started = Math.max(...samples.map((sample) => sample.started));
const inWindowMs = options.window ? await inWindow() : null;
if (options.json) console.log(JSON.stringify({ minMs, medianMs, budgetMs, started, inWindowMs }));
else {
  console.log(`Loading and activating the extension, ${sorted.length} times in a new process`);
  console.log(`  min ${minMs.toFixed(1)} ms, median ${medianMs.toFixed(1)} ms`);
  console.log(`  at most ${budgetMs} ms: ${medianMs <= budgetMs ? 'kept' : 'NOT KEPT'}`);
  console.log(`  processes started in a window with nothing to record: ${started}`);
  if (inWindowMs !== null) console.log(`  as VS Code counts it: ${inWindowMs.join(', ')} ms`);
}
