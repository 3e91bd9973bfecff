// The tier `host`: each situation of test/support/vscode/situations.ts is a VS Code of its own with
// a workspace of its own, in which mocha runs the suites. Their counts are added up.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { root } from '../sources.ts';
import { bundleSuites } from './bundle-suites.ts';
import { type Inside, insideVariable } from './inside-options.ts';
import { openInBrowser } from './open-in-browser.ts';
import { openOnDesktop } from './open-on-desktop.ts';
import { type Situation, situations } from './situations.ts';

// Opening a window on a busy machine takes a while; the tests have their own limits.
const situationLimitMs = 180_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    results: { type: 'string' },
    timeout: { type: 'string', short: 't', default: '60000' },
    grep: { type: 'string', short: 'g' },
  },
});
const total = { passed: 0, failed: 0, skipped: 0 };
const asked = positionals.map((path) => basename(path, '.test.ts'));
const { main, suites } = await bundleSuites();

for (const situation of situations) {
  const names = situation.suites.filter((name) => asked.length === 0 || asked.includes(name));
  if (names.length > 0) await runSituation(situation, names);
}
if (values.results) writeFileSync(values.results, JSON.stringify(total));
process.exit(total.failed > 0 ? 1 : 0);

/** One VS Code from start to end, its suites shown as they pass. */
async function runSituation(situation: Situation, names: string[]): Promise<void> {
  console.log(`  ${situation.name}`);
  const folder = mkdtempSync(join(tmpdir(), 'situation-'));
  const results = join(folder, 'results.json');
  const output = join(folder, 'output.txt');
  const inside: Inside = {
    suites: names.map((name) => suites.get(name) ?? `no suite ${name}`),
    results,
    output,
    reporter: join(root, 'test/support/reporter.cjs'),
    timeoutMs: Number(values.timeout),
    grep: values.grep ?? null,
  };
  writeFileSync(output, '');
  const project = await situation.prepare();
  const open = process.env.RUNRECORD_TEST_DESKTOP === '1' ? openOnDesktop : openInBrowser;
  const window = await open({
    workspace: project.workspace,
    trusted: situation.trusted,
    tests: main,
    env: { ...project.env, [insideVariable]: JSON.stringify(inside) },
  });
  try {
    const ended = await showUntil(output, () => existsSync(results) || window.ended());
    const counts: typeof total = existsSync(results)
      ? JSON.parse(readFileSync(results, 'utf8'))
      : { passed: 0, failed: 1, skipped: 0 };
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
    if (!existsSync(results)) {
      console.log(`    FAIL VS Code ${ended ? 'ended' : 'hung'} before its tests were done`);
    }
    if (counts.failed > 0) console.log(window.log());
  } finally {
    await window.close();
    project.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Shows what is written to a file until something is so; false when that took too long. */
async function showUntil(output: string, done: () => boolean): Promise<boolean> {
  const startedAt = performance.now();
  let shown = 0;
  for (;;) {
    const over = done();
    const text = readFileSync(output, 'utf8');
    if (text.length > shown) process.stdout.write(text.slice(shown).replace(/^(?=.)/gm, '  '));
    shown = text.length;
    if (over) return true;
    if (performance.now() - startedAt > situationLimitMs) return false;
    await wait(100);
  }
}
