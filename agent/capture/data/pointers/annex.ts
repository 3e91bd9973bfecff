import { readlinkSync } from 'node:fs';
import { type BytePath, pathBuffer, pathText } from '../../byte-path.ts';
import { barePointer, type FoundPointer } from './pointer.ts';
import { isThere } from './read-head.ts';

const keyInPath = /(?:^|\/)annex\/objects\/(?:[^/]+\/)*([^/]+)$/;

/**
 * What git-annex calls the content of a path: a link into its store (with the content, or one that
 * leads nowhere), or the pointer that an unlocked file is until its content was got. `text` is that of
 * a small file, else empty.
 */
export function readAnnexPointer(
  given: BytePath,
  real: BytePath | null,
  text: string,
): FoundPointer | null {
  if (real !== null) {
    const key = keyInPath.exec(real)?.[1];
    if (key !== undefined) return describeKey(key, null, true);
    const pointed = /^\/annex\/objects\/([^\n/]+)\n/.exec(text)?.[1];
    return pointed === undefined ? null : describeKey(pointed, real, false);
  }
  const target = readLink(given);
  const key = target === null ? undefined : keyInPath.exec(target)?.[1];
  return key === undefined ? null : describeKey(key, given, false);
}

/** `SHA256E-s1048576--<hex>.csv`: backend, size, and for most the digest of the content. */
export function describeKey(bytes: string, file: BytePath | null, cached: boolean): FoundPointer {
  // The key of an address has all of it: what stands behind a question mark may grant access.
  const whole = pathText(bytes as BytePath);
  const key = whole.startsWith('URL') ? whole.replace(/\?.*$/s, '') : whole;
  const [, backend = '', fields = '', name = ''] =
    /^([A-Z0-9_]+)((?:-[a-zA-Z]\d+)*)--(.*)$/s.exec(key) ?? [];
  const size = /-s(\d{1,15})/.exec(fields)?.[1];
  const hex = /^(?:SHA256E?|MD5E?|SHA1E?|SHA512E?)$/.test(backend)
    ? /^[0-9a-f]+/.exec(name)?.[0]
    : undefined;
  return barePointer('git-annex', `annex:${key}`, {
    file,
    digest: hex === undefined ? null : `${backend.replace(/E$/, '').toLowerCase()}:${hex}`,
    sizeBytes: size === undefined ? null : Number(size),
    fileCount: 1,
    cached,
  });
}

function readLink(path: BytePath): string | null {
  if (!isThere(path)) return null;
  try {
    return readlinkSync(pathBuffer(path), { encoding: 'latin1' as 'utf8' });
  } catch {
    return null;
  }
}
