import { type BigIntStats, lstatSync, realpathSync, statSync } from 'node:fs';
import { type BytePath, bytePath, pathBuffer } from '../../../capture/byte-path.ts';

export interface Resolved {
  /** That of what links lead to. */
  path: BytePath;
  /** Now; null where nothing is there any more. */
  stat: BigIntStats | null;
}

/**
 * Finds what the paths of observed lines mean: where links lead, and the bytes of names that are no
 * UTF-8. What a folder's links lead to is asked once in each look.
 */
export class PathResolver {
  readonly #folders = new Map<string, string>();

  /** The file itself, behind a link too. */
  target(path: string): Resolved {
    const entry = this.entry(path);
    try {
      const stat = lstatSync(pathBuffer(entry), { bigint: true });
      if (!stat.isSymbolicLink()) return { path: entry, stat };
      const real = realBytes(entry);
      return { path: real, stat: statSync(pathBuffer(real), { bigint: true }) };
    } catch {
      return { path: entry, stat: null };
    }
  }

  /** The name in its folder: what is renamed or removed is the link, not what it leads to. */
  entry(path: string): BytePath {
    const bytes = observedBytes(path);
    const cut = bytes.lastIndexOf('/');
    const name = bytes.slice(cut + 1);
    if (name === '' || name === '.' || name === '..') return this.#real(bytes) as BytePath;
    const folder = this.#real(bytes.slice(0, cut));
    return (folder.endsWith('/') ? folder + name : `${folder}/${name}`) as BytePath;
  }

  /** Links may lead elsewhere by the next look. */
  forget(): void {
    this.#folders.clear();
  }

  /** `realpath`, and where that folder is gone, of the nearest one above that is there. */
  #real(folder: string): string {
    if (folder === '') return '/';
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    let real: string;
    try {
      real = realBytes(folder as BytePath);
    } catch {
      const cut = folder.lastIndexOf('/');
      const above = this.#real(folder.slice(0, Math.max(cut, 0)));
      real = `${above === '/' ? '' : above}/${folder.slice(cut + 1)}`;
    }
    this.#folders.set(folder, real);
    return real;
  }
}

function realBytes(path: BytePath): BytePath {
  // The types of Node know `latin1` for file contents only; file names take it as well.
  return realpathSync.native(pathBuffer(path), { encoding: 'latin1' as 'utf8' }) as BytePath;
}

/** Python writes bytes that are no UTF-8 as lone surrogates U+DC80 to U+DCFF. */
export function observedBytes(text: string): BytePath {
  if (!/[\uDC80-\uDCFF]/.test(text)) return bytePath(text);
  const parts = text.split(/((?<![\uD800-\uDBFF])[\uDC80-\uDCFF])/);
  return parts
    .map((part, at) =>
      at % 2 === 1 ? String.fromCharCode(part.charCodeAt(0) - 0xdc00) : bytePath(part),
    )
    .join('') as BytePath;
}
