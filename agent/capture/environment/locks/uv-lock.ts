import { normaliseName } from '../distribution-metadata.ts';
import {
  listOf,
  mapOf,
  readTomlTables,
  type TomlTable,
  type TomlValue,
  textOf,
} from './lock-toml.ts';
import { evaluateMarker, type MarkerValues } from './markers.ts';
import { type Wanted, WantedList } from './wanted.ts';

interface Visit {
  node: Node;
  extras: string[];
  isRequired: boolean;
}

interface Node {
  /** In the file, counted from 0. */
  place: number;
  name: string;
  version: string | null;
  line: number;
  source: { [key: string]: TomlValue };
  dependencies: TomlValue[];
  extras: Map<string, TomlValue[]>;
  groups: TomlValue[];
}

const skipped = new Set(['wheels', 'sdist', 'requires-dist', 'provides-extras']);

/**
 * `uv.lock`: a graph of every platform's packages. From the project's own package along the edges
 * whose markers hold here: those are required. What only an extra, a group or a conflict leads to
 * may be there; what nothing leads to here is for another platform, and not compared.
 */
export function readUvLock(text: string, markers: MarkerValues): Wanted[] {
  const nodes = readNodes(readTomlTables(text, skipped));
  const byName = Map.groupBy(nodes, (node) => node.name);
  const required = new Set<Node>();
  const reached = new Set<Node>();
  const walked = new Set<string>();

  const open: Visit[] = [];
  const follow = (edges: TomlValue[], isRequired: boolean): void => {
    for (const value of edges) {
      const edge = mapOf(value);
      const name = normaliseName(textOf(edge.name) ?? '');
      const marker = textOf(edge.marker);
      const holds = marker === null ? true : evaluateMarker(marker, markers);
      if (holds === false) continue;
      const extras = listOf(edge.extra).map(String);
      for (const node of byName.get(name) ?? []) {
        if (isMeant(node, edge))
          open.push({ node, extras, isRequired: isRequired && holds === true });
      }
    }
  };
  // A list of what is still to be visited: a chain of dependencies may be as long as the file.
  const visitAll = (): void => {
    for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
      const { node, extras, isRequired } = visit;
      (isRequired ? required : reached).add(node);
      for (const part of ['', ...extras]) {
        const key = `${node.place}:${part}:${isRequired}`;
        if (walked.has(key)) continue;
        walked.add(key);
        follow(part === '' ? node.dependencies : (node.extras.get(part) ?? []), isRequired);
      }
    }
  };

  const targets = new Set(nodes.flatMap(targetsOf));
  for (const node of nodes) {
    // Members of a workspace are roots too; which of them is installed is not in the lock.
    if (isProject(node)) {
      const isRequired = textOf(node.source.virtual ?? node.source.editable) === '.';
      open.push({ node, extras: [], isRequired });
      for (const edges of [...node.extras.values(), node.groups]) follow(edges, false);
    } else if (!targets.has(node.name)) open.push({ node, extras: [], isRequired: false });
  }
  visitAll();
  const wanted = new WantedList();
  for (const node of nodes) {
    if (!required.has(node) && !reached.has(node)) continue;
    if (isProject(node) || node.version === null) continue;
    const commit = /#([0-9a-f]{40})$/.exec(textOf(node.source.git) ?? '')?.[1];
    const { name, version, line } = node;
    wanted.add('pypi', name, { version, line, commit }, required.has(node));
  }
  return wanted.all();
}

function isProject({ source }: Node): boolean {
  return 'virtual' in source || 'editable' in source || 'directory' in source;
}

/** An edge names version and source only where there is more than one to choose from. */
function isMeant(node: Node, edge: { [key: string]: TomlValue }): boolean {
  if (edge.version !== undefined && edge.version !== node.version) return false;
  return edge.source === undefined || JSON.stringify(edge.source) === JSON.stringify(node.source);
}

function targetsOf({ dependencies, extras, groups }: Node): string[] {
  const edges = [...dependencies, ...[...extras.values()].flat(), ...groups];
  return edges.map((edge) => normaliseName(textOf(mapOf(edge).name) ?? ''));
}

function readNodes(tables: TomlTable[]): Node[] {
  const nodes: Node[] = [];
  for (const { header, isItem, values, lines } of tables) {
    if (header === 'package' && isItem) {
      nodes.push({
        place: nodes.length,
        name: normaliseName(textOf(values.name) ?? ''),
        version: textOf(values.version),
        line: lines.version ?? lines.name ?? 0,
        source: mapOf(values.source),
        dependencies: listOf(values.dependencies),
        extras: new Map(),
        groups: [],
      });
      continue;
    }
    const node = nodes.at(-1);
    if (!node) continue;
    if (header === 'package.optional-dependencies') {
      for (const [extra, edges] of Object.entries(values)) node.extras.set(extra, listOf(edges));
    }
    if (header === 'package.dev-dependencies') {
      node.groups.push(...Object.values(values).flatMap(listOf));
    }
  }
  return nodes;
}
