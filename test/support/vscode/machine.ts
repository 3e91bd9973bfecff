import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Runs a program; what it says goes to standard error. */
export function succeeds(command: string, args: string[], options: SpawnSyncOptions = {}): boolean {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    ...options,
  });
  return status === 0;
}

/** Whether a program of this name is on the path. */
export function isOnPath(name: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, name)));
}

/** Installs Debian packages where that takes no question: as root, with apt-get. */
export function installDebian(packages: string[]): void {
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return;
  say(`Installing ${packages.join(' and ')} with apt-get (once) ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  const quiet = { env, stdio: 'ignore' as const };
  if (succeeds('apt-get', install, quiet)) return;
  // A machine that never asked knows no packages.
  if (succeeds('apt-get', ['update', '-qq'], quiet) && succeeds('apt-get', install, quiet)) return;
  say(`apt-get could not install ${packages.join(' and ')}.`);
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
