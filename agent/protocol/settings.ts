import * as v from 'valibot';
import { gateNames } from './names.ts';
import { Digest } from './values.ts';

/** `runrecord.yaml`: optional, at the workspace root. Its JSON Schema is generated from this. */

export const gatePolicies = ['allow', 'warn', 'block'] as const;
export type GatePolicy = (typeof gatePolicies)[number];

/** `10MB`, `1.5 GiB`, or a number of bytes. */
export const Size = v.union([
  v.pipe(v.number(), v.minValue(0)),
  v.pipe(v.string(), v.regex(/^\s*\d+(\.\d+)?\s*([kKMGT]i?)?B?\s*$/)),
]);

const Paths = v.array(v.string());
const Gates = v.partial(
  v.strictObject(
    Object.fromEntries(gateNames.map((name) => [name, v.picklist(gatePolicies)])) as Record<
      (typeof gateNames)[number],
      v.PicklistSchema<typeof gatePolicies, undefined>
    >,
  ),
);

export const NamedRun = v.strictObject({
  command: v.union([v.string(), v.array(v.string())]),
  cwd: v.optional(v.string()),
  config: v.optional(Paths),
  data: v.optional(Paths),
  outputs: v.optional(Paths),
  tags: v.optional(v.record(v.string(), v.string())),
  gates: v.optional(Gates),
});

export const Settings = v.strictObject({
  version: v.literal(1),
  runs: v.optional(v.record(v.string(), NamedRun)),
  data: v.optional(
    v.record(v.string(), v.strictObject({ path: v.string(), digest: v.optional(Digest) })),
  ),
  outputs: v.optional(Paths),
  gates: v.optional(Gates),
  criteria: v.optional(v.record(v.string(), v.array(v.string()))),
  approvals: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  ignore: v.optional(Paths),
  limits: v.optional(
    v.strictObject({
      snapshotFile: v.optional(Size),
      snapshot: v.optional(Size),
      log: v.optional(Size),
      hashBefore: v.optional(Size),
    }),
  ),
  redact: v.optional(v.array(v.string())),
  remotes: v.optional(v.record(v.string(), v.unknown())),
});
export type Settings = v.InferOutput<typeof Settings>;
/** What to do about what each gate finds; a gate that is not named has its own default. */
export type GatePolicies = NonNullable<Settings['gates']>;

export { defaultLimits, type Limits } from './limits.ts';
