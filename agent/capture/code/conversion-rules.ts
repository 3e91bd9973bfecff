import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Attributes, isOn } from './attributes.ts';
import { booleanValue, type GitConfig, lastValue } from './git-config.ts';
import type { Worktree } from './repository.ts';

/** What a plain checkout does to one file, by attributes and configuration. */
export interface Conversion {
  /** LF becomes CRLF: in every text, or only where git guesses that it is a text with LF alone. */
  crlf: 'always' | 'guess' | null;
  ident: boolean;
  /** The encoding of the working tree, upper case. */
  encoding: string | null;
  /** The smudge command, or `process` for a long-running filter. */
  smudge: string | null;
}

/** The rules of git's `convert.c`, for the way out of the repository. */
export function conversionOf(attributes: Attributes | undefined, config: GitConfig): Conversion {
  const driver = isOn(attributes, 'filter') ? attributes?.get('filter') : undefined;
  const process = lastValue(config, `filter.${driver}.process`);
  const smudge = process === undefined || process === '' ? `filter.${driver}.smudge` : null;
  const command = smudge === null ? process : lastValue(config, smudge);
  const encoding = isOn(attributes, 'working-tree-encoding')
    ? attributes?.get('working-tree-encoding')?.toUpperCase()
    : undefined;
  return {
    crlf: crlfOf(attributes, config),
    ident: attributes?.get('ident') === 'set',
    encoding:
      encoding === undefined || ['SET', 'UTF-8', 'UTF8'].includes(encoding) ? null : encoding,
    smudge: driver === undefined || command === undefined || command === '' ? null : command,
  };
}

function crlfOf(attributes: Attributes | undefined, config: GitConfig): Conversion['crlf'] {
  const text = attributes?.get('text') ?? attributes?.get('crlf');
  const eol = attributes?.get('eol');
  if (text === 'unset' || text === 'input') return null;
  if (text === 'auto') {
    if (eol === 'lf') return null;
    return eol === 'crlf' || textIsCrlf(config) ? 'guess' : null;
  }
  if (eol === 'lf') return null;
  if (eol === 'crlf') return 'always';
  if (text === 'set') return textIsCrlf(config) ? 'always' : null;
  return booleanValue(config, 'core.autocrlf') === true ? 'guess' : null;
}

function textIsCrlf(config: GitConfig): boolean {
  const auto = lastValue(config, 'core.autocrlf')?.toLowerCase();
  if (auto === 'input') return false;
  if (booleanValue(config, 'core.autocrlf') === true) return true;
  const eol = lastValue(config, 'core.eol')?.toLowerCase();
  return eol === 'crlf' || (eol !== 'lf' && process.platform === 'win32');
}

/** Changes when the rules may have changed by anything but a file of the working tree. */
export function rulesKey(worktree: Worktree): string {
  const settings = [...worktree.config].filter(([key]) =>
    /^(core\.(autocrlf|eol|attributesfile)|filter\..*)$/s.test(key),
  );
  const home = process.env.XDG_CONFIG_HOME || join(homedir(), '.config');
  const named = lastValue(worktree.config, 'core.attributesfile');
  const files = [
    join(worktree.commonDir, 'info', 'attributes'),
    named === undefined ? join(home, 'git', 'attributes') : named.replace(/^~(?=\/)/, homedir()),
    '/etc/gitattributes',
  ];
  const stats = files.map((file) => {
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? null : `${stat.size}:${stat.mtimeNs}`;
  });
  return JSON.stringify([settings, stats]);
}
