import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { hostFolder, hostNode, nodePackage, versions, vscodeFolder } from './cache.ts';
import { installDebian, isOnPath, say, succeeds } from './machine.ts';

const stampPath = join(hostFolder, '.stamp');

/**
 * Brings a real VS Code that a browser shows, from packages alone: some 40 s and 750 MB, once.
 * @returns what is wrong and what to do, or null when it is there.
 */
export function installHost(): string | null {
  const wanted = JSON.stringify({ ...versions, platform: process.platform });
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === wanted) return null;
  const tools = findBuildTools();
  if (tools !== null) return tools;

  say('Bringing a real VS Code for the tests (a minute, 750 MB, once) ...');
  rmSync(hostFolder, { recursive: true, force: true });
  mkdirSync(hostFolder, { recursive: true });
  writeFileSync(join(hostFolder, 'package.json'), '{ "private": true }\n');

  const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const failed =
    npm(hostFolder, ['install', '--ignore-scripts', '--no-save', ...packages]) ??
    npm(vscodeFolder, ['install', '--omit=dev', '--ignore-scripts']) ??
    buildNativeModules() ??
    npm(join(vscodeFolder, 'extensions'), ['install', '--omit=dev', '--ignore-scripts']);
  if (failed !== null) return failed;
  // The workbench asks for its modules where a desktop build packs them.
  symlinkSync('node_modules', join(vscodeFolder, 'node_modules.asar'), 'dir');
  writeFileSync(stampPath, wanted);
  return null;
}

/** Terminal, log and watchdog; what kerberos would need is not asked for. */
function buildNativeModules(): string | null {
  say("Building the host's terminal ...");
  return npm(vscodeFolder, ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog', 'node-pty']);
}

/** Runs npm on the host's own Node, against the headers that lie beside it. */
function npm(cwd: string, args: string[]): string | null {
  const env = {
    ...process.env,
    // The folder itself has them, whatever headers a user's npmrc names.
    npm_config_nodedir: join(hostFolder, 'node_modules', nodePackage()),
    PATH: [dirname(hostNode()), process.env.PATH].join(delimiter),
  };
  const options = ['--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier'];
  const done = succeeds('npm', [...args, ...options], { cwd, env });
  return done
    ? null
    : `VS Code for the tests could not be brought: \`npm ${args[0]}\` failed in ${cwd}. Check the npm registry that is set, and the messages above, then run this again.`;
}

function findBuildTools(): string | null {
  if (process.platform === 'win32') return null;
  const missing = () => ['make', 'g++', 'python3'].filter((name) => !isOnPath(name));
  if (missing().length > 0) installDebian(['build-essential', 'python3']);
  return missing().length === 0
    ? null
    : `VS Code for the tests needs ${missing().join(', ')} to build its terminal. Install them (Debian: build-essential, python3) and run this again.`;
}
