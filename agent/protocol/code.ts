import * as v from 'valibot';
import { Count, Digest, GitId, located, Text, Time } from './values.ts';

/** The code of a run, as the record has it: what it was committed as, what differed, what is kept. */

const nullable = v.nullable;

export const Change = v.object({
  ...located,
  kind: v.picklist(['modified', 'added', 'deleted', 'renamed', 'typechange']),
  from: v.optional(v.string()),
  staged: v.boolean(),
  unstaged: v.boolean(),
  untracked: v.boolean(),
});
export type Change = v.InferOutput<typeof Change>;

export const LeftOut = v.object({
  ...located,
  sizeBytes: nullable(Count),
  digest: nullable(Digest),
  reason: v.picklist(['size-limit', 'output', 'data', 'secret', 'unreadable']),
  /** `dev:ino:size:mtimeNs:ctimeNs` of a file that was too large to be hashed at the launch. */
  stat: v.optional(v.string()),
});
export type LeftOut = v.InferOutput<typeof LeftOut>;

const Snapshot = v.object({ ref: Text, commit: GitId });

/** Up to 2,000 entries, else the digest of an object that holds them as a JSON array. */
export const Changes = v.union([v.array(Change), Digest]);

export const Repository = v.object({
  path: Text,
  commit: nullable(GitId),
  clean: nullable(v.boolean()),
  tree: nullable(GitId),
  snapshot: nullable(Snapshot),
  changes: Changes,
  /** Where it was known only when the program imported from it: when it was captured. */
  capturedAt: v.optional(Time),
});
export type Repository = v.InferOutput<typeof Repository>;

/** Code that no snapshot holds, kept as an object. */
export const CodeFile = v.object({
  ...located,
  /** Of the file; of the copy where it was left out of the snapshot for a secret. */
  digest: Digest,
  sizeBytes: Count,
  /** Why no snapshot holds it; without it there is no repository that could. */
  reason: v.optional(v.picklist(['ignored', 'left-out', 'outside'])),
  /** The copy in `objects/` where it is not `digest`: secrets were left out of it. Null: none is kept. */
  object: v.optional(nullable(Digest)),
});
export type CodeFile = v.InferOutput<typeof CodeFile>;

export const Code = v.object({
  root: nullable(Text),
  remote: nullable(Text),
  branch: nullable(Text),
  commit: nullable(GitId),
  upstream: nullable(v.object({ name: Text, ahead: nullable(Count), behind: nullable(Count) })),
  clean: nullable(v.boolean()),
  changes: Changes,
  leftOut: v.array(LeftOut),
  submodules: v.array(Repository),
  conversions: v.array(Text),
  tree: nullable(GitId),
  snapshot: nullable(Snapshot),
  repositories: v.array(Repository),
  /** What the program consists of besides: its script and what it imported, where no snapshot holds it. */
  files: v.optional(v.array(CodeFile)),
});
export type Code = v.InferOutput<typeof Code>;
