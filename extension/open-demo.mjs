// Shows a folder in a real VS Code that a browser shows, with the packaged extension, until Ctrl-C.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installHost } from '../test/support/vscode/install-host.ts';
import { startHost } from '../test/support/vscode/start-host.ts';
import { makePackage } from './package.mjs';

const [workspace] = process.argv.slice(2);
const missing = installHost();
if (missing !== null || workspace === undefined) {
  console.error(missing ?? 'Name the folder to open.');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'run-record-'));
const host = await startHost({
  workspace,
  trusted: true,
  packages: [await makePackage(folder)],
});
rmSync(folder, { recursive: true });
console.log(`\nVS Code with Run Record, until Ctrl-C:\n\n  ${host.url}\n`);
openInBrowser(host.url);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void host.close().then(() => process.exit(0)));
}

/** In the user's own browser, where there is a desktop; else the address above is what there is. */
function openInBrowser(url) {
  if (process.platform === 'darwin') spawn('open', [url], { stdio: 'ignore' });
  else if (process.platform === 'win32')
    spawnSync('cmd', ['/c', 'start', '', url.replaceAll('&', '^&')]);
  else if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) {
    spawn('xdg-open', [url], { stdio: 'ignore' }).on('error', () => {});
  }
}
