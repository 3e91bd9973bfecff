import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { root } from '../sources.ts';
import type { InsideOptions, InsideWindow } from './open-in-browser.ts';

/**
 * Opens the desktop's VS Code, downloaded once to .cache: for machines that reach its download.
 * Not `runTests` of the same package, which always opens a trusted window.
 */
export async function openOnDesktop(options: InsideOptions): Promise<InsideWindow> {
  const program = await downloadAndUnzipVSCode({
    version: process.env.RUNRECORD_TEST_VSCODE ?? 'stable',
    cachePath: join(root, '.cache', 'vscode-desktop'),
  });
  const folder = mkdtempSync(join(tmpdir(), 'desktop-'));
  mkdirSync(join(folder, 'user/User'), { recursive: true });
  writeFileSync(
    join(folder, 'user/User/settings.json'),
    JSON.stringify({ 'security.workspace.trust.startupPrompt': 'never' }),
  );
  const log = join(folder, 'said.txt');
  const child = spawn(
    program,
    [
      options.workspace,
      ...['--no-sandbox', '--disable-gpu', '--disable-updates', '--skip-welcome'],
      ...['--skip-release-notes', '--user-data-dir', join(folder, 'user')],
      ...['--extensions-dir', join(folder, 'extensions')],
      ...(options.trusted ? ['--disable-workspace-trust'] : []),
      `--extensionDevelopmentPath=${root}`,
      `--extensionTestsPath=${options.tests}`,
    ],
    { env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  writeFileSync(log, '');
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => writeFileSync(log, chunk, { flag: 'a' }));
  }
  return {
    ended: () => child.exitCode !== null || child.signalCode !== null,
    log: () => readFileSync(log, 'utf8').slice(-4000),
    async close() {
      await end(child);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
}
