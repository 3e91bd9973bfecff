import { joinKey } from './key-path.ts';
import { leavesOf } from './leaves.ts';
import type { ConfigNode, Diagnostic, ScalarNode } from './node.ts';
import { isInputKey, looksLikePath } from './path-value.ts';
import { isPlaceholder } from './placeholder.ts';

export interface UnresolvedContext {
  /** The program resolves OmegaConf interpolations; else `${NAME}` stands for the environment. */
  interpolations: boolean;
  environment: (name: string) => string | undefined;
  /** Whether a path, as written in the source at `from`, is there; absent: not asked. */
  exists?: ((path: string, from: string | null) => boolean) | undefined;
}

/** What in a resolved tree still waits for a value: `???`, placeholders, variables, lost files. */
export function tellUnresolved(root: ConfigNode, context: UnresolvedContext): Diagnostic[] {
  const told: Diagnostic[] = [];
  for (const { segments, node } of leavesOf(root)) {
    const scalars = node.kind === 'list' ? node.items : [node];
    for (const scalar of scalars) {
      if (scalar.kind !== 'scalar' || typeof scalar.value !== 'string' || !scalar.text) continue;
      const found = judge(scalar.value, segments, scalar, context);
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
  context: UnresolvedContext,
): Judged | null {
  if (text === '???') return { reason: 'missing-value', message: 'the value is missing (???)' };
  if (isPlaceholder(text)) {
    return { reason: 'placeholder', message: `${text.slice(0, 80)} waits to be filled in` };
  }
  if (!context.interpolations) {
    for (const [, braced, bare] of text.matchAll(
      /\$\{([A-Z_][A-Z0-9_]*)\}|\$([A-Z_][A-Z0-9_]*)\b/g,
    )) {
      const name = braced ?? bare ?? '';
      if (name !== '' && context.environment(name) === undefined) {
        return { reason: 'environment', message: `the variable ${name} is not set` };
      }
    }
  }
  if (context.exists === undefined || !isInputKey(segments) || !looksLikePath(text)) return null;
  if (context.exists(text, node.origin.path ?? null)) return null;
  return { reason: 'missing-file', message: `${text} is not there` };
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
