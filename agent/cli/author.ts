import { userInfo } from 'node:os';
import { git } from '../capture/git.ts';
import type { Judgement } from '../protocol/judgement.ts';

/** Who judges: the identity that git has for this folder, else the user of the system. */
export async function findAuthor(cwd: string): Promise<Judgement['by']> {
  const [name, email] = await Promise.all([
    readSetting(cwd, 'user.name'),
    readSetting(cwd, 'user.email'),
  ]);
  return { name: name ?? systemUser(), email, kind: 'person', identity: null };
}

/** As git would take it for a commit: variables of the environment go before the settings. */
async function readSetting(cwd: string, key: 'user.name' | 'user.email'): Promise<string | null> {
  const variable = key === 'user.name' ? 'GIT_AUTHOR_NAME' : 'GIT_AUTHOR_EMAIL';
  const given = process.env[variable]?.trim();
  if (given) return given;
  try {
    const value = (await git(['config', '--get', key], { cwd })).toString('utf8').trim();
    return value === '' ? null : value;
  } catch {
    // No git, or no such setting.
    return null;
  }
}

function systemUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    // The user has no entry in the system's list, as in some containers.
    return null;
  }
}
