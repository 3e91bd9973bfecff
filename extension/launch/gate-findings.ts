import type { GateName } from '../../agent/protocol/names.ts';
import type { Check, Evidence, GateResult, Verdict } from '../../agent/protocol/verbs.ts';
import { countOf, oneLine } from '../text.ts';

/** What the user can do about a finding, by the button's words. */
export type FindingAction = 'Show Changes' | 'Fix' | 'Save' | 'Open' | 'Show Record';

/** A line of the list before a launch. */
export interface Finding {
  gate: GateName;
  icon: 'error' | 'warning' | 'info';
  label: string;
  detail: string;
  action: FindingAction | null;
  /** Where the action leads. */
  place: Evidence | null;
}

const shownPlaces = 3;
const icons: Record<Verdict, Finding['icon']> = { block: 'error', warn: 'warning', clean: 'info' };
const actions: Partial<Record<GateName, FindingAction>> = {
  'dirty-tree': 'Show Changes',
  'unsaved-editors': 'Save',
  'unresolved-config': 'Fix',
  'data-changed': 'Open',
  'retired-input': 'Open',
  'identical-run': 'Show Record',
};

/** Everything that the gates found, what blocks first. */
export function findingsOf({ gates }: Check): Finding[] {
  const order: Verdict[] = ['block', 'warn', 'clean'];
  return gates
    .filter(({ evidence, verdict }) => evidence.length > 0 || verdict !== 'clean')
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
    .map(findingOf);
}

function findingOf(result: GateResult): Finding {
  const { gate, verdict, evidence, action } = result;
  const place = evidence.find(({ path, run }) => path !== null || run !== undefined) ?? null;
  return {
    gate,
    icon: icons[verdict],
    label: `${headlineOf(result)}${verdict === 'block' ? ' (blocked by policy)' : ''}`,
    detail: oneLine(describePlaces(evidence) || (action ?? '')),
    action: place === null ? null : (actions[gate] ?? null),
    place,
  };
}

/** `2 files are not committed`; of one finding its own words. */
function headlineOf({ gate, evidence }: GateResult): string {
  const paths = new Set(evidence.flatMap(({ path }) => (path === null ? [] : [path]))).size;
  const are = paths === 1 ? 'is' : 'are';
  if (gate === 'dirty-tree' && paths > 0) return `${countOf(paths, 'file')} ${are} not committed`;
  if (gate === 'unsaved-editors' && paths > 0) {
    return `${countOf(paths, 'editor')} ${are} not saved`;
  }
  const [first] = evidence;
  if (first === undefined) return gate;
  const more = evidence.length > 1 ? `, and ${evidence.length - 1} more` : '';
  return `${oneLine(first.message)}${more}`;
}

function describePlaces(evidence: Evidence[]): string {
  const places = [
    ...new Set(
      evidence.flatMap(({ path, line }) =>
        path === null ? [] : [line === null ? path : `${path}:${line}`],
      ),
    ),
  ];
  const more = places.length > shownPlaces ? [`and ${places.length - shownPlaces} more`] : [];
  return [...places.slice(0, shownPlaces), ...more].join(', ');
}
