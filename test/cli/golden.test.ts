import assert from 'node:assert/strict';
import { displayWidth } from '../../agent/core/text/width.ts';
import { runOn } from '../support/cli.ts';
import { assertGolden } from '../support/golden.ts';
import { makeWorkspace } from '../support/records.ts';
import { history, hostile } from '../support/stories.ts';

const codeFiles = async () => ({
  commitA: null,
  commitB: null,
  files: [
    { path: 'train.py', kind: 'modified' as const, added: 3, removed: 1 },
    { path: 'logo.png', kind: 'added' as const, added: null, removed: null },
  ],
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: a control is what must not be there
const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/;

const views: [name: string, args: string[]][] = [
  ['list', ['list']],
  ['list-columns', ['list', '--columns', 'status,name,config.lr,created,commit,id']],
  ['show', ['show', '3a2c9e11']],
  ['show-failed', ['show', '4b00c0de']],
  ['diff', ['diff', '2f77aa02', '3a2c9e11']],
  ['diff-all', ['diff', '2f77aa02', '3a2c9e11', '--all']],
  ['diff-other', ['diff', '4b00c0de', '5c111111']],
];

for (const [title, stories, shown] of [
  ['', history, views],
  [
    'hostile-',
    [...hostile, ...history],
    [
      ['list', ['list']],
      ['show', ['show', '66660001']],
      ['diff', ['diff', '66660001', '3a2c9e11']],
    ],
  ],
] as [string, typeof history, typeof views][]) {
  describe(title === '' ? 'what is printed' : 'what is printed of hostile names', () => {
    let workspace: ReturnType<typeof makeWorkspace>;
    before(() => {
      workspace = makeWorkspace(stories);
    });
    after(() => workspace.remove());

    for (const [name, args] of shown) {
      for (const columns of [60, 120]) {
        it(`by ${args.join(' ')} at ${columns} columns`, async () => {
          const { stdout, stderr, code } = await runOn(workspace.layout.root, args, {
            environment: { COLUMNS: String(columns) },
            deps: { compareCode: codeFiles },
          });
          assert.equal(stderr, '');
          assert.equal(code, 0);
          assert.doesNotMatch(stdout, unsafe);
          for (const line of stdout.split('\n')) {
            assert.ok(displayWidth(line) <= columns, `wider than ${columns}: ${line}`);
          }
          assertGolden(`${title}${name}-${columns}.txt`, stdout);
        });
      }
    }
  });
}
