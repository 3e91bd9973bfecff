import { readFileSync } from 'node:fs';
import {
  type BytePath,
  bytePath,
  isInside,
  joinBytes,
  pathBuffer,
  pathText,
} from '../../byte-path.ts';
import { stripCredentials } from '../data-uri.ts';
import { itemsOf, memberOf, type PlainValue, plainText, readPlainYaml } from './plain-yaml.ts';
import { barePointer, type FoundPointer } from './pointer.ts';
import { isThere, readHead, statOrNull } from './read-head.ts';

const pointerLimitBytes = 8 * 1024 * 1024;

/** Asks `.dvc` files and `dvc.lock`; remembers what it read, as many files ask for the same. */
export class DvcReader {
  private readonly roots = new Map<string, BytePath | null>();
  private readonly files = new Map<string, PlainValue | null>();
  private readonly caches = new Map<string, BytePath>();
  private readonly ignores = new Map<string, boolean>();
  private readonly stages = new Map<string, Map<string, PlainValue>>();
  private readonly members = new Map<string, Map<string, string>>();

  /**
   * What DVC has as the version of a path: from `<path>.dvc`, a stage in `dvc.lock`, or the same of
   * a folder above it. Null outside of a repository of DVC.
   */
  find(path: BytePath): FoundPointer | null {
    const own = this.findOwn(path);
    if (own) return own;
    const root = this.rootOf(folderOf(path));
    if (root === null) return null;
    for (
      let above = folderOf(path);
      above !== root && isInside(above, root);
      above = folderOf(above)
    ) {
      const whole = this.findOwn(above);
      if (whole) return this.partOf(whole, path.slice(above.length + 1) as BytePath, root);
    }
    return null;
  }

  private findOwn(path: BytePath): FoundPointer | null {
    const folder = folderOf(path);
    const name = pathText(path.slice(folder.length + 1) as BytePath);
    return (
      this.findIn(`${path}.dvc` as BytePath, name) ??
      // The pointer itself was named: it has the version of what it stands for.
      (path.endsWith('.dvc') ? this.findIn(path, null) : null) ??
      this.findInLocks(path)
    );
  }

  private findIn(file: BytePath, name: string | null): FoundPointer | null {
    const pointer = this.read(file);
    if (pointer === null) return null;
    for (const output of itemsOf(memberOf(pointer, 'outs'))) {
      const target = plainText(memberOf(output, 'path'));
      if (target !== null && name !== null && target !== name) continue;
      const found = this.describe(output, file, readSource(pointer));
      if (found) return found;
    }
    return null;
  }

  /** A stage's outputs and dependencies; paths are relative to the folder of `dvc.lock`. */
  private findInLocks(path: BytePath): FoundPointer | null {
    const root = this.rootOf(folderOf(path));
    if (root === null) return null;
    for (let folder = folderOf(path); isInside(folder, root); folder = folderOf(folder)) {
      const lock = joinBytes(folder, 'dvc.lock');
      const wanted = pathText(path.slice(folder.length + 1) as BytePath);
      const output = this.readStages(lock).get(wanted);
      const found = output === undefined ? null : this.describe(output, lock, null);
      if (found) return found;
      if (folder === '/') break;
    }
    return null;
  }

  /** Outputs and dependencies of all stages by their path; what one makes counts first. */
  private readStages(lock: BytePath): Map<string, PlainValue> {
    const known = this.stages.get(lock);
    if (known) return known;
    const byPath = new Map<string, PlainValue>();
    const stages = memberOf(this.read(lock) ?? '', 'stages');
    for (const kind of ['outs', 'deps']) {
      for (const stage of typeof stages === 'object' ? Object.values(stages) : []) {
        for (const output of itemsOf(memberOf(stage, kind))) {
          const path = plainText(memberOf(output, 'path'))?.replace(/\/$/, '');
          if (path !== undefined && !byPath.has(path)) byPath.set(path, output);
        }
      }
    }
    this.stages.set(lock, byPath);
    return byPath;
  }

  private describe(
    output: PlainValue,
    file: BytePath,
    source: FoundPointer['source'],
  ): FoundPointer | null {
    const md5 = plainText(memberOf(output, 'md5'));
    if (md5 === null || !/^[0-9a-f]{32}(?:\.dir)?$/.test(md5)) return null;
    const root = this.rootOf(folderOf(file));
    return barePointer('dvc', `dvc:md5:${md5}`, {
      file,
      digest: `md5:${md5}`,
      sizeBytes: numberOf(memberOf(output, 'size')),
      fileCount: numberOf(memberOf(output, 'nfiles')) ?? (md5.endsWith('.dir') ? null : 1),
      cached: root === null ? null : isThere(this.cachePath(root, md5)),
      source,
      // Before version 3, DVC hashed text with the line ends of Unix, and named no kind of hash.
      isComparable: plainText(memberOf(output, 'hash')) === 'md5',
      hasIgnores: root !== null && this.hasIgnores(root),
    });
  }

  /** One member of a tracked folder: by its own digest where the cache holds the folder's list. */
  private partOf(whole: FoundPointer, path: BytePath, root: BytePath): FoundPointer {
    const within = pathText(path);
    const part = { ...whole, within, sizeBytes: null, fileCount: null };
    const md5 = this.readMember(root, whole.digest?.slice('md5:'.length) ?? '', within);
    if (md5 === null) return { ...part, isComparable: false };
    const cached = isThere(this.cachePath(root, md5));
    return { ...part, version: `dvc:md5:${md5}`, digest: `md5:${md5}`, fileCount: 1, cached };
  }

  private readMember(root: BytePath, md5: string, within: string): string | null {
    if (!md5.endsWith('.dir')) return null;
    let members = this.members.get(md5);
    if (!members) {
      members = readMembers(this.cachePath(root, md5));
      this.members.set(md5, members);
    }
    return members.get(within) ?? null;
  }

  private cachePath(root: BytePath, md5: string): BytePath {
    return joinBytes(this.cacheFolder(root), `files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`);
  }

  private cacheFolder(root: BytePath): BytePath {
    const known = this.caches.get(root);
    if (known) return known;
    const own = joinBytes(root, '.dvc');
    let folder = joinBytes(own, 'cache');
    for (const name of ['config', 'config.local']) {
      const text = readHead(joinBytes(own, name), 64 * 1024) ?? '';
      const section = /^\s*\[cache\]\s*$([^[]*)/m.exec(text)?.[1] ?? '';
      const said = /^\s*dir\s*=\s*(.+?)\s*$/m.exec(section)?.[1];
      if (said) folder = said.startsWith('/') ? bytePath(said) : joinBytes(own, bytePath(said));
    }
    this.caches.set(root, folder);
    return folder;
  }

  private hasIgnores(root: BytePath): boolean {
    const known = this.ignores.get(root);
    if (known !== undefined) return known;
    const text = readHead(joinBytes(root, '.dvcignore'), 64 * 1024) ?? '';
    const found = text.split('\n').some((line) => !/^\s*(?:#.*)?$/.test(line));
    this.ignores.set(root, found);
    return found;
  }

  /** The nearest folder above with a `.dvc` folder. */
  private rootOf(folder: BytePath): BytePath | null {
    const known = this.roots.get(folder);
    if (known !== undefined) return known;
    const mark = statOrNull(joinBytes(folder, '.dvc'));
    const root = mark?.isDirectory()
      ? folder
      : folder === '/'
        ? null
        : this.rootOf(folderOf(folder));
    this.roots.set(folder, root);
    return root;
  }

  private read(path: BytePath): PlainValue | null {
    const known = this.files.get(path);
    if (known !== undefined) return known;
    const isFile = statOrNull(path)?.isFile() ?? false;
    const text = isFile ? readHead(path, pointerLimitBytes) : null;
    const value = text === null ? null : readOrNull(text);
    this.files.set(path, value);
    return value;
  }
}

/** DVC's list of a folder's files; empty where it is not in the cache, or none. */
function readMembers(path: BytePath): Map<string, string> {
  const members = new Map<string, string>();
  try {
    const list = JSON.parse(readFileSync(pathBuffer(path), 'utf8')) as unknown[];
    for (const item of list as { relpath?: unknown; md5?: unknown }[]) {
      const { relpath, md5 } = item ?? {};
      if (typeof relpath === 'string' && typeof md5 === 'string') members.set(relpath, md5);
    }
  } catch {
    // Without it the version is that of the folder.
  }
  return members;
}

/** `dvc import` and `import-url`: the repository with its revision, or the address with its etag. */
function readSource(file: PlainValue): FoundPointer['source'] {
  for (const item of itemsOf(memberOf(file, 'deps'))) {
    const repository = memberOf(item, 'repo');
    const url = plainText(memberOf(repository, 'url')) ?? plainText(memberOf(item, 'path'));
    if (url === null) continue;
    const revision =
      plainText(memberOf(repository, 'rev_lock')) ??
      plainText(memberOf(item, 'version_id')) ??
      plainText(memberOf(item, 'etag')) ??
      plainText(memberOf(item, 'checksum'));
    return { url: stripCredentials(url).uri, revision };
  }
  return null;
}

/** A file of a stranger may be nested deeper than anything can follow. */
function readOrNull(text: string): PlainValue | null {
  try {
    return readPlainYaml(text);
  } catch {
    return null;
  }
}

function numberOf(value: PlainValue | undefined): number | null {
  const text = plainText(value);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function folderOf(path: BytePath): BytePath {
  return (path.slice(0, path.lastIndexOf('/')) || '/') as BytePath;
}
