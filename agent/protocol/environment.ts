import * as v from 'valibot';
import { Count, Digest, Numeric, Text } from './values.ts';

const nullable = v.nullable;

export const Package = v.object({
  ecosystem: Text,
  name: Text,
  version: nullable(Text),
  source: nullable(Text),
  imported: nullable(v.boolean()),
  /** What the imported module calls itself, where that is another version than the one installed. */
  importedVersion: v.optional(Text),
  /** Conda's build: one version has many, with other libraries below. */
  build: v.optional(v.string()),
});
export type Package = v.InferOutput<typeof Package>;

export const Gpu = v.object({
  name: Text,
  uuid: nullable(Text),
  memoryBytes: nullable(Count),
  driver: nullable(Text),
  /** The parts of one that is partitioned (MIG). */
  mig: v.optional(v.array(v.object({ profile: Text, uuid: Text }))),
});

export type Gpu = v.InferOutput<typeof Gpu>;

/** A library of linear algebra: as installed below a package, or as the program loaded it. */
export const Blas = v.object({
  library: Text,
  version: nullable(Text),
  package: v.optional(nullable(Text)),
  file: v.optional(nullable(Text)),
  threads: v.optional(nullable(Count)),
});

export const Environment = v.object({
  os: v.object({ name: Text, release: Text, distribution: nullable(Text) }),
  hardware: v.object({
    class: Text,
    cpu: v.object({
      model: nullable(Text),
      cores: nullable(Count),
      flagsDigest: nullable(Digest),
      /** Of the flags, those by which libraries choose other arithmetic: `avx2`, `fma` ... */
      features: v.optional(v.array(Text)),
      microcode: v.optional(Text),
      /** Processors that the process may run on, as the kernel lists them: `0-3,8`. */
      allowed: v.optional(Text),
    }),
    memoryBytes: nullable(Count),
    gpus: nullable(v.array(Gpu)),
    numaNodes: v.optional(Count),
  }),
  runtimes: v.object({
    cuda: nullable(Text),
    rocm: nullable(Text),
    /** The newest CUDA that the driver can run. */
    cudaDriver: v.optional(nullable(Text)),
    cudnn: v.optional(nullable(Text)),
  }),
  container: nullable(
    v.object({
      kind: Text,
      id: nullable(Text),
      image: nullable(Text),
      digest: nullable(Text),
      /** The digest of the image's configuration, where that alone is known. */
      imageId: v.optional(Text),
    }),
  ),
  interpreter: nullable(
    v.object({ name: Text, version: nullable(Text), path: Text, digest: nullable(Digest) }),
  ),
  packages: nullable(v.array(Package)),
  locks: v.array(
    v.object({
      path: Text,
      digest: nullable(Digest),
      agrees: nullable(v.boolean()),
      /** The copy that is kept, where secrets were taken out of it; `digest` is that of the file. */
      object: v.optional(Digest),
    }),
  ),
  manager: nullable(Text),
  settings: v.record(v.string(), nullable(Text)),
  blas: v.optional(v.array(Blas)),
  locale: v.optional(
    v.object({ ctype: Text, collate: Text, numeric: Text, timezone: nullable(Text) }),
  ),
  /** Limits of the process (`ulimit`, soft values) and its control group; null is unlimited. */
  limits: v.optional(v.record(v.string(), nullable(v.number()))),
  /** `generated`: drawn by the program, not given to it. */
  seeds: v.array(
    v.object({ library: Text, value: nullable(Numeric), generated: v.optional(v.boolean()) }),
  ),
  allocation: nullable(v.record(v.string(), Text)),
});
export type Environment = v.InferOutput<typeof Environment>;
