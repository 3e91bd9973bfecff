import * as v from 'valibot';

/** Building blocks of the record's schema. */

export const Digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/));
export const GitId = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/));
/** RFC 3339 in UTC with milliseconds. */
export const Time = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/));
export const RunId = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
);
export const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const Text = v.string();

/** A number; `NaN`, `Infinity`, `-Infinity` and integers beyond 2^53 are strings. */
export const Numeric = v.union([
  v.number(),
  v.picklist(['NaN', 'Infinity', '-Infinity']),
  v.pipe(v.string(), v.regex(/^-?\d+$/)),
]);
export type Numeric = v.InferOutput<typeof Numeric>;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export const Json: v.GenericSchema<Json> = v.lazy(() =>
  v.union([
    v.null(),
    v.boolean(),
    v.number(),
    v.string(),
    v.array(Json),
    v.record(v.string(), Json),
  ]),
);

/** A path: relative to the workspace with `/`, absolute outside it; `pathBytes` where it is not UTF-8. */
export const located = { path: Text, pathBytes: v.optional(v.string()) };
