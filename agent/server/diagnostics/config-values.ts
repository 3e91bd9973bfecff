import { resolve } from 'node:path';
import { type Diagnostic, DiagnosticSeverity, type Range } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { readEnvironment } from '../../capture/config-environment.ts';
import { findPath } from '../../capture/config-path.ts';
import type {
  ConfigNode,
  MapNode,
  ScalarNode,
  Diagnostic as Told,
} from '../../core/config/node.ts';
import { parseConfig } from '../../core/config/parse-config.ts';
import { resolveConfig } from '../../core/config/resolve-config.ts';
import { type diagnosticCodes, diagnosticSource } from '../../protocol/rpc.ts';
import { findLostDefaults } from './config-defaults.ts';
import type { ConfigFile } from './config-files.ts';

const code: (typeof diagnosticCodes)[number] = 'unresolved-config';
const most = 200;
/** What no loader takes, whatever is laid on it. */
const severe = new Set<Told['reason']>(['syntax', 'merge-marker']);

/** The values of a configuration, as it stands in the editor, that resolve to nothing. */
export async function findUnresolvedValues(
  document: TextDocument,
  { dialect, isPart, program }: ConfigFile,
  places: { path: string; root: string; environment: NodeJS.ProcessEnv },
): Promise<Diagnostic[]> {
  const { path, root, environment } = places;
  const { root: tree, diagnostics } = await parseConfig(document.getText(), dialect, path);
  const told = [...diagnostics];
  if (tree?.kind === 'map') {
    const resolved = await resolveConfig({
      roots: [dialect === 'omegaconf' ? withoutDefaults(tree) : tree],
      overrides: [],
      dialect,
      interpolations: dialect === 'omegaconf',
      environment:
        program === null
          ? (name) => environment[name]
          : readEnvironment(program, root, environment),
      exists: (value, from) =>
        findPath(value, from, { workspaceRoot: root, cwd: root, home: environment.HOME }) !== null,
    });
    const isOmegaConf = dialect === 'omegaconf';
    const certain = resolved.unresolved.filter(({ reason }) => {
      // Who reads `$NAME` in a plain file, and what else sets it, only the program can tell.
      if (reason === 'environment') return isOmegaConf || program !== null;
      return !isPart || reason !== 'interpolation';
    });
    told.push(...certain);
    if (dialect === 'omegaconf') told.push(...findLostDefaults(tree, resolve(root, path), root));
  }
  const scalars = tree === null ? new Map<string, ScalarNode>() : indexScalars(tree);
  return told.slice(0, most).map((one) => ({
    range: placeOf(one, scalars, document),
    severity: severe.has(one.reason) ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    source: diagnosticSource,
    code,
    message:
      one.key === null
        ? capitalize(one.message ?? one.reason)
        : `${one.key}: ${one.message ?? one.reason}`,
  }));
}

/** Hydra's own list: its entries are choices, and no values. */
function withoutDefaults(tree: MapNode): MapNode {
  const entries = new Map(tree.entries);
  if (entries.get('defaults')?.kind === 'list') entries.delete('defaults');
  return { ...tree, entries };
}

/** By line and column: that is how a finding names its value. */
function indexScalars(root: ConfigNode): Map<string, ScalarNode> {
  const found = new Map<string, ScalarNode>();
  const walk = (node: ConfigNode): void => {
    if (node.kind === 'list') for (const item of node.items) walk(item);
    else if (node.kind === 'map') for (const entry of node.entries.values()) walk(entry);
    else found.set(`${node.origin.line}:${node.column}`, node);
  };
  walk(root);
  return found;
}

/** The value itself; what has none, a broken text, from its place to the end of its line. */
function placeOf(
  { line, column }: Told,
  scalars: ReadonlyMap<string, ScalarNode>,
  document: TextDocument,
): Range {
  const scalar = scalars.get(`${line}:${column}`);
  if (scalar !== undefined && scalar.end > scalar.start) {
    return { start: document.positionAt(scalar.start), end: document.positionAt(scalar.end) };
  }
  const at = { line: Math.max(0, (line ?? 1) - 1), character: Math.max(0, (column ?? 1) - 1) };
  const text = document.getText({ start: at, end: { line: at.line + 1, character: 0 } });
  const length = Math.max(1, text.trimEnd().length);
  return { start: at, end: { line: at.line, character: at.character + length } };
}

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
