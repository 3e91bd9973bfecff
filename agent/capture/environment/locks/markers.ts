import { normaliseName } from '../distribution-metadata.ts';
import { satisfies } from './pep440.ts';

/** What environment markers (PEP 508) may ask, by their names. */
export type MarkerValues = Record<string, string>;

/** True, false, or null: it depends on the extras or groups that somebody chose. */
export type Truth = boolean | null;

/** What the machine and the interpreter answer; without a known version it asks nothing of it. */
export function markerValues(python: {
  version: string;
  implementation: string;
  platform: string;
  machine: string;
  release: string;
}): MarkerValues {
  const { version, platform, machine } = python;
  const system = { linux: 'Linux', darwin: 'Darwin', win32: 'Windows' }[platform] ?? platform;
  const implementation = python.implementation === 'pypy' ? 'PyPy' : 'CPython';
  return {
    python_version: version.split('.').slice(0, 2).join('.'),
    python_full_version: version,
    os_name: platform === 'win32' ? 'nt' : 'posix',
    sys_platform: platform,
    platform_system: system,
    platform_machine: machine,
    platform_release: python.release,
    platform_version: '',
    platform_python_implementation: implementation,
    implementation_name: implementation.toLowerCase(),
    implementation_version: version,
  };
}

/** Asked of them, the answer is not in the lock: they are chosen when it is installed. */
const chosen = new Set(['extra', 'extras', 'dependency_groups']);
const versions = new Set(['python_version', 'python_full_version', 'implementation_version']);

type Operand = { name: string } | { text: string };

/** Evaluates a marker; null also where it cannot be read: then nothing is claimed. */
export function evaluateMarker(marker: string, values: MarkerValues): Truth {
  const tokens = marker.match(/"[^"]*"|'[^']*'|\(|\)|[<>=!~]=?=?|[A-Za-z_][\w.]*/g) ?? [];
  let at = 0;

  const either = (): Truth => {
    let found = both();
    while (tokens[at] === 'or') {
      at += 1;
      const next = both();
      found =
        found === true || next === true ? true : found === null || next === null ? null : false;
    }
    return found;
  };
  const both = (): Truth => {
    let found = one();
    while (tokens[at] === 'and') {
      at += 1;
      const next = one();
      found =
        found === false || next === false ? false : found === null || next === null ? null : true;
    }
    return found;
  };
  const one = (): Truth => {
    if (tokens[at] === '(') {
      at += 1;
      const inner = either();
      if (tokens[at] === ')') at += 1;
      return inner;
    }
    const left = operand();
    let operator = tokens[at++] ?? '';
    if (operator === 'not') operator = `not ${tokens[at++] ?? ''}`;
    return compare(left, operator, operand(), values);
  };
  const operand = (): Operand => {
    const token = tokens[at++] ?? '';
    return /^["']/.test(token) ? { text: token.slice(1, -1) } : { name: token };
  };
  const found = either();
  return at === tokens.length ? found : null;
}

function compare(left: Operand, operator: string, right: Operand, values: MarkerValues): Truth {
  const names = [left, right].flatMap((side) => ('name' in side ? [side.name] : []));
  if (names.some((name) => chosen.has(name))) return null;
  const read = (side: Operand): string | undefined =>
    'text' in side ? side.text : values[side.name.replaceAll('.', '_')];
  const [a, b] = [read(left), read(right)];
  if (a === undefined || b === undefined) return null;
  if (operator === 'in') return b.includes(a);
  if (operator === 'not in') return !b.includes(a);
  // Of a version that is not known nothing follows.
  if (names.some((name) => versions.has(name))) {
    if (a === '' || b === '') return null;
    return 'name' in left ? satisfies(a, operator + b) : satisfies(b, mirror(operator) + a);
  }
  switch (operator) {
    case '==':
    case '===':
      return a === b;
    case '!=':
      return a !== b;
    default:
      return satisfies(a, operator + b);
  }
}

function mirror(operator: string): string {
  return (
    ({ '<': '>', '>': '<', '<=': '>=', '>=': '<=' } as Record<string, string>)[operator] ?? operator
  );
}

/** A requirement as PEP 508 writes it, or null: `name[extra] (>=1) ; marker`, `name @ url`. */
export function parseRequirement(
  text: string,
): { name: string; specifier: string; url: string | null; marker: string | null } | null {
  const match = /^\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)$/s.exec(text);
  if (!match) return null;
  const [, name = '', rest = ''] = match;
  const direct = /^@\s*(\S+)\s*(?:;\s*(.*))?$/s.exec(rest);
  const [before = '', ...behind] = rest.split(';');
  const marker = (direct ? direct[2] : behind.join(';'))?.trim() || null;
  const specifier = direct ? '' : before.trim().replace(/^\((.*)\)$/s, '$1');
  if (specifier !== '' && !/^(?:===|==|~=|!=|<=|>=|<|>)/.test(specifier)) return null;
  return { name: normaliseName(name), specifier, url: direct?.[1] ?? null, marker };
}
