import { emptyMap } from './merge-nodes.ts';
import { type ConfigNode, nodeOf, toJson } from './node.ts';

/** A part of the command line that sets a configuration value. */
export interface Override {
  /** `framework`: an option of the framework itself (`--config-name x`), not of the program. */
  kind: 'set' | 'add' | 'force' | 'delete' | 'framework';
  /** The key as it is written, without signs: `model.lr`, `db/mysql@main`. */
  key: string;
  segments: string[];
  /** Null for a flag and a bare `~key`. */
  value: string | null;
  /** `option`: `--lr 0.1`, where the program converts the text itself. */
  style: 'assign' | 'option';
  /** The tokens as they stood, by a space: what `config.overrides` holds. */
  text: string;
  /** Their places in argv. */
  tokens: number[];
}

export interface OverrideContext {
  /** The first token after the program. */
  from: number;
  /** The merged files: an option is an override only where its key exists there. */
  root: ConfigNode | null;
  /** Every option with a dot in its name sets a value (jsonargparse). */
  dotted?: boolean;
  /** Tokens that are something else: the config files themselves. */
  taken: ReadonlySet<number>;
}

const assignPattern = /^(\+\+|\+|~)?([A-Za-z_][\w-]*(?:\.[\w-]+|\[\w+\])*)=([\s\S]*)$/;
const deletePattern = /^~([A-Za-z_][\w./@$-]*)$/;
const kinds = { '': 'set', '+': 'add', '++': 'force', '~': 'delete' } as const;

/**
 * The overrides in a command line. `key=value` always is one; `--key value` only where `key` is in
 * a config file, so that `--verbose data.csv` stays what it is. Hydra's words are in hydra-words.ts.
 */
export function recogniseOverrides(argv: readonly string[], context: OverrideContext): Override[] {
  const found: Override[] = [];
  for (let i = context.from; i < argv.length; i++) {
    if (context.taken.has(i)) continue;
    const override = readAssignment(argv[i] ?? '', i, context) ?? readOption(argv, i, context);
    if (override === null) continue;
    found.push(override);
    i = override.tokens.at(-1) ?? i;
  }
  return found;
}

function readAssignment(token: string, i: number, context: OverrideContext): Override | null {
  const match = assignPattern.exec(token);
  if (match !== null) {
    const [, sign = '', key = '', value = ''] = match;
    const kind = kinds[sign as keyof typeof kinds];
    return { ...base(key, token, [i]), kind, value, style: 'assign' };
  }
  const deleted = deletePattern.exec(token)?.[1];
  if (deleted === undefined) return null;
  const known = findNode(context.root, splitSegments(deleted)) !== null;
  return known
    ? { ...base(deleted, token, [i]), kind: 'delete', value: null, style: 'assign' }
    : null;
}

function base(key: string, text: string, tokens: number[]) {
  return { key, segments: splitSegments(key), text, tokens };
}

function splitSegments(key: string): string[] {
  return key.match(/[^.[\]]+/g) ?? [key];
}

function readOption(argv: readonly string[], i: number, context: OverrideContext): Override | null {
  const match = /^--([A-Za-z_][\w.-]*)(?:=([\s\S]*))?$/.exec(argv[i] ?? '');
  if (match === null) return null;
  const name = match[1] ?? '';
  const target = findOption(context.root ?? emptyMap(), name) ?? newOption(name, context);
  if (target === null) {
    return context.root === null ? null : readNegation(argv, i, name, context.root);
  }
  const result = {
    kind: 'set',
    key: target.segments.join('.'),
    segments: target.segments,
  } as const;
  const make = (value: string | null, count: number): Override => {
    const tokens = Array.from({ length: count }, (_, n) => i + n);
    const text = tokens.map((n) => argv[n]).join(' ');
    return { ...result, value, style: 'option', text, tokens };
  };
  if (match[2] !== undefined) return make(match[2], 1);

  const isValue = (n: number) =>
    n < argv.length && !context.taken.has(n) && !isOption(argv[n] ?? '');
  const value = target.node.kind === 'scalar' ? target.node.value : undefined;
  if (typeof value === 'boolean') {
    const next = isValue(i + 1) ? (argv[i + 1] ?? '') : '';
    return /^(?:true|false|yes|no|on|off|0|1)$/i.test(next) ? make(next, 2) : make('true', 1);
  }
  if (!isValue(i + 1)) return null;
  if (target.node.kind !== 'list') return make(argv[i + 1] ?? '', 2);
  // `nargs='+'`: all that follows up to the next option.
  let end = i + 1;
  while (isValue(end) && !assignPattern.test(argv[end] ?? '')) end++;
  const items = argv.slice(i + 1, end);
  const [only = ''] = items;
  if (items.length === 0) return null;
  const list = items.length === 1 && /^\s*\[/.test(only) ? only : `[${items.join(', ')}]`;
  return make(list, items.length + 1);
}

/** `--no-shuffle` where `shuffle` is a boolean. */
function readNegation(
  argv: readonly string[],
  i: number,
  name: string,
  root: ConfigNode,
): Override | null {
  const target = /^no[-_]/.test(name) ? findOption(root, name.slice(3)) : null;
  if (target === null || typeof toJson(target.node) !== 'boolean') return null;
  const key = target.segments.join('.');
  const { segments } = target;
  return {
    kind: 'set',
    key,
    segments,
    value: 'false',
    style: 'option',
    text: argv[i] ?? '',
    tokens: [i],
  };
}

/** A token that begins an option; `-1` and `-.5` are numbers. */
function isOption(token: string): boolean {
  return /^-(?![0-9.])./.test(token);
}

/** A key that no file has, of a program that takes any. */
function newOption(name: string, { dotted }: OverrideContext) {
  if (dotted !== true || !name.includes('.')) return null;
  return { segments: name.split('.'), node: nodeOf(null, { kind: 'default' }) };
}

/** The node that an option names, with dashes for underscores or the other way. */
function findOption(root: ConfigNode, name: string) {
  const segments: string[] = [];
  let node = root;
  for (const part of name.split('.')) {
    if (node.kind !== 'map') return null;
    const wanted = part.replaceAll('-', '_');
    const entries: Map<string, ConfigNode> = node.entries;
    const key = entries.has(part)
      ? part
      : [...entries.keys()].find((candidate) => candidate.replaceAll('-', '_') === wanted);
    const next = key === undefined ? undefined : entries.get(key);
    if (key === undefined || next === undefined) return null;
    segments.push(key);
    node = next;
  }
  return { segments, node };
}

/** The node at a path of segments, or null. */
export function findNode(root: ConfigNode | null, segments: readonly string[]): ConfigNode | null {
  let node: ConfigNode | undefined = root ?? undefined;
  for (const segment of segments) {
    if (node === undefined || node.kind === 'scalar') return null;
    node = node.kind === 'map' ? node.entries.get(segment) : node.items[Number(segment)];
  }
  return node ?? null;
}
