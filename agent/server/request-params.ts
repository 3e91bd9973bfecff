import * as v from 'valibot';
import { gateNames } from '../protocol/names.ts';
import type { RequestName, Requests } from '../protocol/rpc.ts';
import { gatePolicies } from '../protocol/settings.ts';

const Path = v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096));
const One = v.object({ id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096)) });

/** The params of each request, as they are let in. */
export const requestParams: {
  [M in RequestName]: v.GenericSchema<unknown, Requests[M]['params']>;
} = {
  'runrecord/list': v.object({
    folder: v.exactOptional(Path),
    where: v.exactOptional(v.string()),
    sort: v.exactOptional(v.string()),
    limit: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  }),
  'runrecord/show': One,
  'runrecord/artifacts': One,
  'runrecord/document': One,
  'runrecord/config': One,
  'runrecord/environment': One,
  'runrecord/compare': v.object({ a: One.entries.id, b: One.entries.id }),
  'runrecord/stop': v.object({ id: One.entries.id, force: v.boolean() }),
  'runrecord/launchables': v.object({ folder: Path }),
  'runrecord/check': v.object({
    folder: Path,
    cwd: v.exactOptional(Path),
    named: v.nullable(v.string()),
    argv: v.array(v.string()),
    gates: v.exactOptional(
      v.record(v.picklist(gateNames), v.picklist(gatePolicies)) as v.GenericSchema<
        unknown,
        NonNullable<Requests['runrecord/check']['params']['gates']>
      >,
    ),
    unsaved: v.array(v.string()),
  }),
};
