import type { DataEntry } from '../../../protocol/record.ts';
import { type BytePath, isInside, recordedPath } from '../../byte-path.ts';

/** What a tool of data versions says of a file or folder. */
export interface FoundPointer {
  /** As `DataEntry.version` has it: `dvc:md5:…`, `lfs:sha256:…`, `annex:…`, `hf:…`. */
  version: string;
  tool: NonNullable<DataEntry['pointer']>['tool'];
  /** The file that says it, absolute; null where the path itself does. */
  file: BytePath | null;
  /** In the tool's words: `md5:…` (with `.dir` for a folder), `sha256:…`; null where it has none. */
  digest: string | null;
  sizeBytes: number | null;
  fileCount: number | null;
  /** The content that it stands for is in the tool's own store on this machine. */
  cached: boolean | null;
  /** Where the tool got it from, without credentials. */
  source: { url: string; revision: string | null } | null;
  /** The digest is of the bytes as they are, not of text with other line ends. */
  isComparable: boolean;
  /** Of a folder above, of which this is a part. */
  within: string | null;
  /** Patterns decide what of a folder counts: its digest cannot be made here. */
  hasIgnores: boolean;
}

/** A pointer that says no more than its version. */
export function barePointer(
  tool: FoundPointer['tool'],
  version: string,
  more: Partial<FoundPointer> = {},
): FoundPointer {
  return {
    version,
    tool,
    file: null,
    digest: null,
    sizeBytes: null,
    fileCount: null,
    cached: null,
    source: null,
    isComparable: true,
    within: null,
    hasIgnores: false,
    ...more,
  };
}

/** The pointer as the record has it; whether what lies there agrees is told when it is known. */
export function recordPointer(
  pointer: FoundPointer,
  root: BytePath,
): NonNullable<DataEntry['pointer']> {
  const { tool, file, digest, sizeBytes, fileCount, cached, source, within } = pointer;
  const { isComparable, hasIgnores } = pointer;
  const inside = file !== null && isInside(file, root);
  const path =
    file === null ? null : recordedPath((inside ? file.slice(root.length + 1) : file) as BytePath);
  return {
    tool,
    path: path?.path ?? null,
    digest,
    sizeBytes,
    fileCount,
    agrees: null,
    ...(cached === null ? {} : { cached }),
    ...(source === null ? {} : { source }),
    ...(within === null ? {} : { within }),
    ...(isComparable && !(hasIgnores && digest?.endsWith('.dir')) ? {} : { comparable: false }),
  };
}

/** The SHA-256 of the content that a pointer stands for, where it tells that. */
export function contentDigest({ digest }: FoundPointer): string | null {
  return digest !== null && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : null;
}
