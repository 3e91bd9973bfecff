import type { Code } from '../protocol/record.ts';
import type { Comparison } from '../protocol/verbs.ts';

/**
 * The files of code that differ between two runs and lie in no snapshot: ignored modules, a script
 * outside of every repository. Where one run does not know what it imported, only files of both.
 */
export function compareCodeFiles(a: Code, b: Code): Comparison['code']['files'] {
  const inA = new Map((a.files ?? []).map((file) => [file.path, file.digest]));
  const inB = new Map((b.files ?? []).map((file) => [file.path, file.digest]));
  const paths = [...new Set([...inA.keys(), ...inB.keys()])].sort();
  return paths.flatMap((path) => {
    const [before, after] = [inA.get(path), inB.get(path)];
    if (before === after) return [];
    const isOnly = before === undefined || after === undefined;
    if (isOnly && (a.files === undefined || b.files === undefined)) return [];
    const kind = before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified';
    return [{ path, kind, added: null, removed: null }];
  });
}
