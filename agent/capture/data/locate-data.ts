import { type BigIntStats, readdirSync, realpathSync, statSync } from 'node:fs';
import { messageOf, systemCode } from '../../protocol/errors.ts';
import { type BytePath, bytePath, joinBytes, pathBuffer, pathText } from '../byte-path.ts';

export interface LocatedData {
  /** As it was given, absolute, links not followed. */
  given: BytePath;
  /** The path of what links lead to. */
  real: BytePath;
  stat: BigIntStats;
}

export interface NotLocated {
  given: BytePath;
  /** The system's word, `ENOENT` mostly. */
  error: string;
  message: string;
  /** All the places where it was looked for. */
  tried: BytePath[];
}

type NotLocatedHere = Omit<NotLocated, 'tried'>;

/**
 * Finds what a path means: absolute, or in the first of `folders` that has it. Arguments reach
 * Node as text, so bytes that are not UTF-8 have become U+FFFD; such a name is looked for in its
 * folder and taken where just one fits.
 */
export function locateData(path: string | Uint8Array, folders: string[]): LocatedData | NotLocated {
  const bytes = bytePath(path);
  const candidates = bytes.startsWith('/')
    ? [bytes]
    : folders.map((folder) => joinBytes(bytePath(folder), bytes));
  let first: NotLocatedHere | null = null;
  const tried = candidates.map(normalise);
  for (const candidate of tried) {
    const found = locateOne(candidate);
    if (!('error' in found)) return found;
    // Where one folder has it but hides it, that says more than that others have it not.
    if (!first || (first.error === 'ENOENT' && found.error !== 'ENOENT')) first = found;
  }
  return { ...(first ?? { given: bytes, error: 'ENOENT', message: 'no such file' }), tried };
}

function locateOne(given: BytePath): LocatedData | NotLocatedHere {
  try {
    return readLocation(given);
  } catch (error) {
    const other = systemCode(error) === 'ENOENT' ? findLossyName(given) : null;
    if (other) return locateOne(other);
    return { given, error: systemCode(error) ?? 'UNKNOWN', message: messageOf(error) };
  }
}

function readLocation(given: BytePath): LocatedData {
  const stat = statSync(pathBuffer(given), { bigint: true });
  const encoding = 'latin1' as 'utf8';
  const real = realpathSync.native(pathBuffer(given), { encoding }) as BytePath;
  return { given, real, stat };
}

const replacement = '\uFFFD';

function findLossyName(path: BytePath): BytePath | null {
  const text = pathText(path);
  if (!text.includes(replacement)) return null;
  let found = '/' as BytePath;
  for (const part of text.split('/').filter(Boolean)) {
    const names = part.includes(replacement) ? namesLike(found, part) : [bytePath(part)];
    if (names.length !== 1 || names[0] === undefined) return null;
    found = joinBytes(found, names[0]);
  }
  return found === path ? null : found;
}

function namesLike(folder: BytePath, lossy: string): BytePath[] {
  try {
    const names = readdirSync(pathBuffer(folder), { encoding: 'latin1' as 'utf8' }) as BytePath[];
    return names.filter((name) => pathText(name) === lossy);
  } catch {
    return [];
  }
}

function normalise(path: BytePath): BytePath {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    // `..` is left alone: behind a link it does not mean the folder above in the text.
    if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}` as BytePath;
}

/** `realpath` of a folder that may not exist (yet): that of the nearest one above that does. */
export function realOrSame(path: string): BytePath {
  try {
    return realpathSync.native(path, { encoding: 'latin1' as 'utf8' }) as BytePath;
  } catch {
    const cut = path.lastIndexOf('/');
    if (cut <= 0) return bytePath(path);
    return joinBytes(realOrSame(path.slice(0, cut)), bytePath(path.slice(cut + 1)));
  }
}
