import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { readImports } from '../support/imports.ts';
import { keptTo, roomOf, rooms } from '../support/rooms.ts';
import { listSources, root } from '../support/sources.ts';

const files = listSources(['agent', 'extension', 'webview']).filter((path) =>
  /\.(ts|tsx|mts)$/.test(path),
);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const listed = new Set(Object.keys(manifest.dependencies));

/** What is wrong about one import, as a sentence, or null. */
function judge(path: string, imported: string): string | null {
  const room = roomOf(path);
  if (room === null) return `${path} lies in no room of test/support/rooms.ts`;
  const rules = rooms[room];
  if (rules === undefined) return null;
  const keeper = keptTo[imported];
  if (keeper !== undefined && keeper !== room && !(keeper === 'recorder' && room === 'server')) {
    return `${path} imports ${imported}, which only ${keeper} may`;
  }
  if (imported.startsWith('.')) return judgeNeighbour(path, room, imported);
  if (imported.startsWith('node:')) {
    const allowed = Array.isArray(rules.node) ? rules.node.includes(imported) : rules.node;
    return allowed ? null : `${path} imports ${imported}: ${room} has no Node`;
  }
  if (builtinModules.includes(imported)) return `${path} imports ${imported} without node:`;
  if (imported === 'vscode') return null;
  const name = imported
    .split('/')
    .slice(0, imported.startsWith('@') ? 2 : 1)
    .join('/');
  const allowed = Array.isArray(rules.packages)
    ? rules.packages.includes(name)
    : rules.packages && listed.has(name);
  return allowed ? null : `${path} imports ${imported}: ${room} may not`;
}

function judgeNeighbour(path: string, room: string, imported: string): string | null {
  const target = posix.join(posix.dirname(path), imported);
  if (!existsSync(join(root, target))) return `${path} imports ${target}, which is not there`;
  const targetRoom = target.startsWith('agent/python/') ? 'python' : roomOf(target);
  // The programs in agent/python are started, not imported: who starts them may find them.
  if (targetRoom === 'python' && !target.endsWith('.ts')) return null;
  if (targetRoom === room) return null;
  // The version is written once.
  if (room === 'main' && target === 'package.json') return null;
  if (targetRoom !== null && rooms[room]?.rooms.includes(targetRoom)) return null;
  return `${path} imports ${target}: ${room} may not import ${targetRoom ?? 'that'}`;
}

describe('the directions between rooms', () => {
  it('hold for every import', () => {
    const wrong = files.flatMap((path) =>
      readImports(readFileSync(join(root, path), 'utf8'))
        .map((imported) => judge(path, imported))
        .filter((sentence) => sentence !== null),
    );
    assert.deepEqual(wrong, []);
  });

  it('give agent/core no clock and no chance of its own', () => {
    const ambient = /\b(?:Date\.now|Math\.random|performance\.now)\s*\(|\bnew Date\(\s*\)/;
    const wrong = files
      .filter((path) => /^agent\/(?:core|protocol)\//.test(path))
      .filter((path) => ambient.test(readFileSync(join(root, path), 'utf8')));
    assert.deepEqual(wrong, []);
  });

  it('are judged on imports of every form', () => {
    const source = [
      "import a from 'a';",
      "import {\n  b,\n} from 'b';",
      "import type { C } from 'c';",
      "export { d } from 'd';",
      "import 'e';",
      "const f = await import('f');",
      "type G = import('g').G;",
      "new Worker(new URL('./h.ts', import.meta.url));",
      "// import i from 'i';",
    ].join('\n');
    assert.deepEqual(readImports(source).sort(), ['./h.ts', 'a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  it('refuse what they are there to refuse', () => {
    assert.match(judge('agent/core/seams.ts', 'node:fs') ?? '', /has no Node/);
    assert.match(judge('agent/capture/x.ts', 'node:sqlite') ?? '', /only store/);
    assert.match(judge('agent/cli/x.ts', 'vscode') ?? '', /only extension/);
    assert.match(judge('agent/protocol/x.ts', '../core/seams.ts') ?? '', /may not import core/);
    assert.equal(judge('agent/core/x.ts', '../protocol/names.ts'), null);
  });
});
