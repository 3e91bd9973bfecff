import * as v from 'valibot';
import { Count, Digest, located, Text } from './values.ts';

const nullable = v.nullable;

export const digestModes = ['full', 'tree', 'pointer', 'stat', 'uri'] as const;
export type DigestMode = (typeof digestModes)[number];
export const seenKinds = ['declared', 'config', 'argument', 'hook', 'trace', 'scan'] as const;

export const pointerTools = ['dvc', 'git-lfs', 'git-annex', 'hugging-face'] as const;

/** What a tool of data versions says of an input. */
export const DataPointer = v.object({
  tool: v.picklist(pointerTools),
  /** The file that says it (`data/train.csv.dvc`, `dvc.lock`); null where the path itself does. */
  path: nullable(Text),
  /** In the tool's words: `md5:…` (with `.dir` for a folder), `sha256:…`. */
  digest: nullable(Text),
  sizeBytes: nullable(Count),
  fileCount: nullable(Count),
  /** Whether what lies there is what the tool says; null where that is not known. */
  agrees: nullable(v.boolean()),
  /** The content is in the tool's own store on this machine. */
  cached: v.optional(v.boolean()),
  /** Where the tool has it from. */
  source: v.optional(v.object({ url: Text, revision: nullable(Text) })),
  /** The tool keeps a folder above; the path below that. */
  within: v.optional(Text),
  /** False where the tool counts other bytes or files than lie there: only equality tells. */
  comparable: v.optional(v.boolean()),
});

export const DataEntry = v.object({
  ...located,
  name: v.optional(v.string()),
  role: v.picklist(['input', 'named']),
  seen: v.array(v.picklist(seenKinds)),
  digest: nullable(Digest),
  mode: v.picklist(digestModes),
  sizeBytes: nullable(Count),
  fileCount: nullable(Count),
  manifest: nullable(Digest),
  version: nullable(Text),
  hashed: nullable(v.picklist(['before', 'during'])),
  changedDuringRun: v.boolean(),
  digestAfter: nullable(Digest),
  /** The stat at launch, `dev:ino:size:mtimeNs:ctimeNs`, of a file that is pinned by it. */
  stat: v.optional(v.string()),
  pointer: v.optional(DataPointer),
  /** The name that it was given by, where that is a link into the store of a tool. */
  link: v.optional(Text),
  /** The data that this belongs to: a write-ahead log to its database. */
  partOf: v.optional(Text),
  /** Of a folder that is hashed beside the program: an object with a stat a file, as a manifest. */
  statsAtLaunch: v.optional(Digest),
  /** The digest that `runrecord.yaml` says it should have. */
  expected: v.optional(Digest),
  /** What became of data that changed; the first that is true of it. */
  change: v.optional(v.picklist(['deleted', 'grown', 'replaced', 'modified'])),
  /** The manifest of a folder as it was found after it had changed. */
  manifestAfter: v.optional(nullable(Digest)),
  /** An object: which members of a folder changed, as a JSON array. */
  members: v.optional(Digest),
});
export type DataEntry = v.InferOutput<typeof DataEntry>;
