import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProgramEvent } from '../../agent/core/program-events.ts';
import { files, refs, variables } from '../../agent/protocol/names.ts';
import { root } from '../support/sources.ts';

const document = readFileSync(join(root, 'docs', 'protocol.md'), 'utf8');

/** The types named in the first column of the table below a heading. */
function tableBelow(heading: string): string[] {
  const section = document.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, type]) => type ?? '');
}

describe('docs/protocol.md', () => {
  it('has every type of journal line', () => {
    const source = readFileSync(join(root, 'agent/protocol/journal.ts'), 'utf8');
    const body = /interface JournalData \{\n([\s\S]*?)\n\}/.exec(source)?.[1] ?? '';
    const types = [...body.matchAll(/^ {2}(\w+):/gm)].map(([, type]) => type ?? '');
    assert.ok(types.length > 8);
    assert.deepEqual(tableBelow('Types of journal lines'), types);
  });

  it('has every type of line that is said from inside', () => {
    const source = readFileSync(join(root, 'agent/core/observed/observed-line.ts'), 'utf8');
    const types = [...source.matchAll(/\bt: '(\w+)'/g)].map(([, type]) => type ?? '');
    assert.ok(types.length > 15);
    assert.deepEqual(tableBelow('What is said from inside'), types);
  });

  it('has every type of event, each with a line that is understood', () => {
    const source = readFileSync(join(root, 'agent/core/program-events.ts'), 'utf8');
    const types = [...source.matchAll(/^\s*case '(\w+)':/gm)].map(([, type]) => type ?? '');
    const examples = [...document.matchAll(/^\{"type":.*\}$/gm)].map(([line]) => line);
    const understood = examples.map((line) => parseProgramEvent(line)?.type ?? `not: ${line}`);
    assert.deepEqual([...new Set(understood)].sort(), [...types].sort());
  });

  it('names the files, refs and variables as they are', () => {
    const { settings, index, promoted, ...known } = files;
    const names = [...Object.values(known), ...Object.values(refs), ...Object.values(variables)];
    assert.deepEqual(
      names.filter((name) => !document.includes(name)),
      [],
    );
    assert.ok([settings, index, promoted].every((name) => typeof name === 'string'));
  });
});
