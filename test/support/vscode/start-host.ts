import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostNode, vscodeFolder } from './cache.ts';

/** What a host is started with. */
export interface HostOptions {
  /** A folder, or a `.code-workspace` file; null: a window without one. */
  workspace: string | null;
  /** Packaged extensions to install, `.vsix`. */
  packages?: string[];
  /** A folder whose extension is loaded as it lies there. */
  development?: string;
  /** A module that runs inside the extension host in place of a person. */
  tests?: string;
  trusted: boolean;
  settings?: Record<string, unknown>;
  env?: NodeJS.ProcessEnv;
}

/** A running VS Code without a window yet. */
export interface Host {
  url: string;
  /** Its settings, extensions and logs. */
  folder: string;
  settings: Record<string, unknown>;
  process: ChildProcess;
  close(): Promise<void>;
}

// Nothing of its own accord in the picture: no chat, no welcome page, no hints, no gallery.
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.disableAIFeatures': true,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
};

const startLimitMs = 60_000;
const endLimitMs = 5_000;

/** Starts VS Code's server on a port of its own choice; `openWindow` shows what it serves. */
export async function startHost(options: HostOptions): Promise<Host> {
  const folder = mkdtempSync(join(tmpdir(), 'vscode-'));
  const settings = { ...quietSettings, ...options.settings };
  writeSettings({ folder, settings }, {});
  for (const path of options.packages ?? []) installPackage(folder, path);

  const child = spawn(hostNode(), serverArguments(folder, options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  // Also where what started it ends in the middle.
  const endWithUs = () => child.kill();
  process.once('exit', endWithUs);
  const port = await readPort(child);
  return {
    url: addressOf(port, options),
    folder,
    settings,
    process: child,
    async close() {
      process.off('exit', endWithUs);
      await end(child);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Rewrites the settings, with these beside those it was started with; a window takes them up. */
export function writeSettings(
  { folder, settings }: Pick<Host, 'folder' | 'settings'>,
  more: Record<string, unknown>,
): void {
  const machine = join(folder, 'data', 'Machine');
  mkdirSync(machine, { recursive: true });
  writeFileSync(join(machine, 'settings.json'), JSON.stringify({ ...settings, ...more }, null, 2));
}

function serverArguments(folder: string, { trusted, development }: HostOptions): string[] {
  return [
    join(vscodeFolder, 'out/server-main.js'),
    ...['--host', '127.0.0.1', '--port', '0'],
    '--without-connection-token',
    '--accept-server-license-terms',
    // The environment is the one that is given here, not that of somebody's login shell.
    '--force-disable-user-env',
    // A built VS Code takes a folder's extension and tests from its page only with this, and then
    // shows no notifications.
    ...(development ? ['--enable-smoke-test-driver'] : []),
    ...['--telemetry-level', 'off'],
    ...placesOf(folder),
    ...(trusted ? ['--disable-workspace-trust'] : []),
  ];
}

function placesOf(folder: string): string[] {
  return ['--server-data-dir', folder, '--extensions-dir', join(folder, 'extensions')];
}

function installPackage(folder: string, path: string): void {
  const main = join(vscodeFolder, 'out/server-main.js');
  const { status, stdout, stderr } = spawnSync(
    hostNode(),
    [main, ...placesOf(folder), '--install-extension', path],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${path} could not be installed:\n${stdout}${stderr}`);
}

/** The port that it says it listens on. */
function readPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string) => reject(new Error(`VS Code's server ${why}:\n${said}`));
    const limit = setTimeout(() => fail('did not start'), startLimitMs);
    child.once('exit', (code) => fail(`ended with ${code}`));
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    child.stdout?.on('data', (chunk) => {
      said += chunk;
      const port = /listening on (\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(limit);
      resolve(Number(port));
    });
  });
}

function addressOf(port: number, { workspace, development, tests }: HostOptions): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [
    ...(development ? [['extensionDevelopmentPath', remote(development)]] : []),
    ...(tests ? [['extensionTestsPath', remote(tests)]] : []),
  ];
  const kind = workspace?.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = [
    workspace === null ? 'ew=true' : `${kind}=${encodeURIComponent(workspace)}`,
    ...(payload.length > 0 ? [`payload=${encodeURIComponent(JSON.stringify(payload))}`] : []),
  ];
  return `http://127.0.0.1:${port}/?${query.join('&')}`;
}

/** It ends its extension hosts itself when it is asked to. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  const limit = setTimeout(() => child.kill('SIGKILL'), endLimitMs);
  await ended;
  clearTimeout(limit);
}
