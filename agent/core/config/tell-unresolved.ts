import { joinKey } from './key-path.ts';
import { leavesOf } from './leaves.ts';
import { mustBeThere } from './missing-input.ts';
import type { ConfigNode, Diagnostic, MapNode, ScalarNode } from './node.ts';
import { isPlaceholder } from './placeholder.ts';

export interface UnresolvedContext {
  /** The program resolves OmegaConf interpolations; else `${NAME}` stands for the environment. */
  interpolations: boolean;
  /** Null: the program sets the variable itself, to what cannot be told. */
  environment: (name: string) => string | null | undefined;
  /** Whether a path, as written in the source at `from`, is there; absent: not asked. */
  exists?: ((path: string, from: string | null) => boolean) | undefined;
  /** The workspace, absolute. */
  root?: string | undefined;
}

/** What in a resolved tree still waits for a value: `???`, placeholders, variables, lost files. */
export function tellUnresolved(root: ConfigNode, context: UnresolvedContext): Diagnostic[] {
  const told: Diagnostic[] = [];
  for (const { segments, node } of leavesOf(root)) {
    const scalars = node.kind === 'list' ? node.items : [node];
    for (const scalar of scalars) {
      if (scalar.kind !== 'scalar' || typeof scalar.value !== 'string' || !scalar.text) continue;
      const found = judge(scalar.value, segments, scalar, root, context);
      if (found !== null) told.push(describe(found, segments, scalar));
    }
  }
  return told;
}

type Judged = { reason: Diagnostic['reason']; message: string };

function judge(
  text: string,
  segments: readonly string[],
  node: ScalarNode,
  root: ConfigNode,
  context: UnresolvedContext,
): Judged | null {
  if (text === '???') {
    const key = joinKey(segments);
    const message = `the value is missing (???): write it here, or ${key}=VALUE at the launch`;
    return { reason: 'missing-value', message };
  }
  if (isPlaceholder(text)) {
    return { reason: 'placeholder', message: `${text.slice(0, 80)} waits to be filled in` };
  }
  if (!context.interpolations) {
    const name = findUnset(text, context);
    if (name !== null) {
      return { reason: 'environment', message: `the variable ${name} is not set: export it first` };
    }
  }
  const { exists, root: top } = context;
  if (exists === undefined) return null;
  // A folder of the workspace is one that the program may make, however it is written.
  const inside = top !== undefined && text.startsWith(`${top}/`);
  const written = inside ? `./${text.slice(top.length + 1)}` : text;
  const from = node.origin.path ?? null;
  const isThere = (path: string) => exists(path, from);
  if (!mustBeThere(segments, written, siblingsOf(root, segments), isThere)) return null;
  if (isThere(text)) return null;
  return { reason: 'missing-file', message: `${text} is not there: correct the path, or make it` };
}

/**
 * The first variable of a text that has no value: `${NAME}` anywhere, `$NAME` at the start of a text
 * or a part of a path. `${NAME:-x}` has one; a price, a formula and the end of a pattern are none.
 */
function findUnset(text: string, { environment }: UnresolvedContext): string | null {
  const pattern =
    /(?<![$\\])\$(?:\{([A-Z_][A-Z0-9_]*)(:?\?[^}]*)?\}|([A-Z_][A-Z0-9_]{2,})(?![\w$^{\\@]))/g;
  for (const match of text.matchAll(pattern)) {
    const [, braced, , bare] = match;
    if (bare !== undefined && !/(?:^|[/:=])$/.test(text.slice(0, match.index))) continue;
    const name = braced ?? bare ?? '';
    if (environment(name) === undefined) return name;
  }
  return null;
}

function siblingsOf(
  root: ConfigNode,
  segments: readonly string[],
): ReadonlyMap<string, ConfigNode> | null {
  let node: ConfigNode | undefined = root;
  for (const segment of segments.slice(0, -1)) {
    if (node === undefined || node.kind === 'scalar') return null;
    node = node.kind === 'map' ? node.entries.get(segment) : node.items[Number(segment)];
  }
  return node?.kind === 'map' ? (node as MapNode).entries : null;
}

function describe(judged: Judged, segments: readonly string[], node: ScalarNode): Diagnostic {
  const path = node.origin.path ?? null;
  return {
    key: joinKey(segments),
    ...judged,
    path,
    line: node.origin.line ?? null,
    ...(path === null ? {} : { column: node.column }),
  };
}
