import { GitError, git } from '../git.ts';
import { splitZero } from './zero-terminated.ts';

/** Every value of every key, in git's order; section and name in lower case. */
export type GitConfig = Map<string, string[]>;

/** The configuration that holds in `cwd`; empty where it cannot be read (git says so elsewhere). */
export async function readGitConfig(cwd: string): Promise<GitConfig> {
  const config: GitConfig = new Map();
  let output: Buffer;
  try {
    output = await git(['config', '--list', '-z'], { cwd });
  } catch (error) {
    if (error instanceof GitError) return config;
    throw error;
  }
  for (const entry of splitZero(output)) {
    // A key without a value has no newline and means true.
    const newline = entry.indexOf('\n');
    const key = newline < 0 ? entry : entry.slice(0, newline);
    const value = newline < 0 ? 'true' : entry.slice(newline + 1);
    const values = config.get(key);
    if (values === undefined) config.set(key, [Buffer.from(value, 'latin1').toString('utf8')]);
    else values.push(Buffer.from(value, 'latin1').toString('utf8'));
  }
  return config;
}

/** The value that holds: the last one. */
export function lastValue(config: GitConfig, key: string): string | undefined {
  return config.get(key)?.at(-1);
}

/** A boolean as git reads it; undefined where it is not set or is none. */
export function booleanValue(config: GitConfig, key: string): boolean | undefined {
  const value = lastValue(config, key)?.toLowerCase();
  if (value === undefined) return undefined;
  if (['true', 'yes', 'on', '1'].includes(value)) return true;
  if (['false', 'no', 'off', '0', ''].includes(value)) return false;
  return undefined;
}
