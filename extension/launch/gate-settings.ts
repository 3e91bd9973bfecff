import { type GateName, gateNames } from '../../agent/protocol/names.ts';
import { type GatePolicy, gatePolicies } from '../../agent/protocol/settings.ts';

/** The policies of the editor's settings, as far as they are some; the rest is left to `runrecord.yaml`. */
export function parseGatePolicies(value: unknown): Partial<Record<GateName, GatePolicy>> {
  const given = new Map(Object.entries(typeof value === 'object' && value !== null ? value : {}));
  return Object.fromEntries(
    gateNames.flatMap((gate) => {
      const policy = gatePolicies.find((one) => one === given.get(gate));
      return policy === undefined ? [] : [[gate, policy]];
    }),
  );
}
