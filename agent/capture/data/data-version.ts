import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type BytePath, pathBuffer, pathText } from '../byte-path.ts';

/** A git-lfs pointer is some 130 bytes; its specification ends at 1,024. */
const pointerLimitBytes = 1_024;

/**
 * The `sha256:<oid>` that a git-lfs pointer file stands for, or null where the file is none: the
 * content was never fetched, and the program would read the pointer.
 */
export function readLfsPointer(path: BytePath, sizeBytes: number): string | null {
  if (sizeBytes === 0 || sizeBytes >= pointerLimitBytes) return null;
  const text = readHead(path, pointerLimitBytes);
  if (!text?.startsWith('version https://git-lfs.github.com/spec/')) return null;
  return /^oid (sha256:[0-9a-f]{64})$/m.exec(text)?.[1] ?? null;
}

/**
 * What another tool calls the version of this data: `dvc:md5:<md5>` from `<path>.dvc` beside it,
 * `annex:<key>` where it is a link into git-annex, `hf:<revision>` in the cache of Hugging Face.
 */
export function readDataVersion(given: BytePath, real: BytePath): string | null {
  return (
    readDvcVersion(given) ??
    (real === given ? null : readDvcVersion(real)) ??
    versionInPath(given, real)
  );
}

function versionInPath(given: BytePath, real: BytePath): string | null {
  const annex = /\/annex\/objects\/(?:[^/]+\/){2,3}([^/]+)$/.exec(real)?.[1];
  if (annex) return `annex:${annex}`;
  for (const path of [given, real]) {
    const revision = /\/(?:datasets|models|spaces)--[^/]+\/snapshots\/([0-9a-f]{40})(?:\/|$)/.exec(
      path,
    );
    if (revision?.[1]) return `hf:${revision[1]}`;
  }
  return null;
}

/** A `.dvc` file is YAML that DVC writes; its `outs` are plain enough to read by line. */
function readDvcVersion(path: BytePath): string | null {
  const text = readHead(`${path}.dvc` as BytePath, 64 * 1_024);
  if (text === null) return null;
  const name = pathText(path).split('/').at(-1);
  const outputs = /^outs:[ \t]*\r?\n((?:[ \t-].*\r?\n?)*)/m.exec(text)?.[1] ?? '';
  for (const item of outputs.split(/^[ \t]*-[ \t]+/m).slice(1)) {
    const md5 = /(?:^|\n)[ \t]*md5:[ \t]*["']?([0-9a-f]{32}(?:\.dir)?)/.exec(item)?.[1];
    const target = /(?:^|\n)[ \t]*path:[ \t]*["']?(.*?)["']?[ \t]*(?:\r?\n|$)/.exec(item)?.[1];
    if (md5 && (target === undefined || target === name)) return `dvc:md5:${md5}`;
  }
  return null;
}

function readHead(path: BytePath, limitBytes: number): string | null {
  try {
    const descriptor = openSync(pathBuffer(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const buffer = Buffer.alloc(limitBytes);
      return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, limitBytes, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}
