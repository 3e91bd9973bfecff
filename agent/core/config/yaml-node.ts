import type { Alias, Node, YAMLMap, YAMLSeq } from 'yaml';

/** The guards of the `yaml` package, by its own marks, so that the package itself stays unloaded. */
const mark = Symbol.for('yaml.node.type');

function isMarked(node: object, kind: string): boolean {
  return Reflect.get(node, mark) === Symbol.for(`yaml.${kind}`);
}

export function isAlias(node: Node): node is Alias {
  return isMarked(node, 'alias');
}

export function isMap(node: Node): node is YAMLMap<Node, Node | null> {
  return isMarked(node, 'map');
}

export function isCollection(node: Node): node is YAMLMap<Node, Node | null> | YAMLSeq<Node> {
  return isMap(node) || isMarked(node, 'seq');
}
