import { digestOf, idOf, makeArtifact, makeData, makePackage, type RunStory } from './records.ts';

const packages = [makePackage('numpy', '2.3.1'), makePackage('pyyaml', '6.0.2')];
const overridden: NonNullable<RunStory['config']> = {
  resolved: { lr: 0.1, model: { depth: 3, width: 64 }, optimizer: 'adam', seeds: [0, 1] },
  overrides: ['lr=0.1'],
  origins: {
    lr: { kind: 'override', text: 'lr=0.1' },
    'model.depth': { kind: 'file', path: 'conf/model/small.yaml', line: 2 },
    'model.width': { kind: 'file', path: 'conf/model/small.yaml', line: 3 },
    optimizer: { kind: 'default', path: 'train.py', line: 14 },
    seeds: { kind: 'file', path: 'conf/base.yaml', line: 9 },
  },
};

/** A few days of work on one problem, as a person would have them in the history. */
export const history: RunStory[] = [
  {
    number: 0x2f77aa02,
    minutesAgo: 26 * 60,
    durationMs: 242_000,
    code: { commit: '77b1e0d0'.padEnd(40, '0'), tree: 'bbbb'.padEnd(40, '0') },
    config: {
      resolved: { lr: 0.3, model: { depth: 3, width: 64 }, optimizer: 'adam', seeds: [0, 1] },
      origins: { lr: { kind: 'file', path: 'conf/base.yaml', line: 4 } },
    },
    data: [makeData('data/train.csv', digestOf('9c0d1122'))],
    packages: [makePackage('numpy', '1.26.4'), makePackage('pyyaml', '6.0.2')],
    metrics: { val_acc: [0.4, 0.921], loss: [2.3, 0.2934] },
    artifacts: [makeArtifact(0x2f77aa02, 'out/model.bin', digestOf('77aa0001'))],
  },
  {
    number: 0x3a2c9e11,
    minutesAgo: 124,
    intent: {
      reason: 'is a smaller rate steadier?',
      expectation: null,
      tags: { stage: 'pilot' },
    },
    code: {
      clean: false,
      remote: 'git@example.org:lab/digits.git',
      upstream: { name: 'origin/main', ahead: 1, behind: 0 },
      changes: [
        { path: 'train.py', kind: 'modified', staged: false, unstaged: true, untracked: false },
        { path: 'notes.txt', kind: 'added', staged: false, unstaged: false, untracked: true },
      ],
      leftOut: [
        {
          path: 'data/big.bin',
          sizeBytes: 9_000_000_000,
          digest: digestOf('b1'),
          reason: 'size-limit',
        },
      ],
      snapshot: { ref: `refs/runrecord/${idOf(0x3a2c9e11)}`, commit: 'c'.repeat(40) },
    },
    config: overridden,
    data: [
      makeData('data/train.csv', digestOf('a1b2c3d4')),
      makeData('data/validation/2026-11/fold-03/observations-of-all-stations.csv', null, {
        mode: 'stat',
        sizeBytes: 40_000_000_000,
      }),
    ],
    packages,
    metrics: { val_acc: [0.41, 0.9, 0.9430000185], loss: [2.31, 0.5, 0.2143] },
    artifacts: [
      { ...makeArtifact(0x3a2c9e11, 'out/epoch-01.bin', digestOf('0001')), state: 'deleted' },
      makeArtifact(0x3a2c9e11, 'out/model.bin', digestOf('5566aabb')),
    ],
    capture: {
      data: {
        status: 'partial',
        detail: 'data/secret.csv: permission denied',
        durationMs: 4,
      },
    },
    gates: [
      { gate: 'dirty-tree', verdict: 'warn', decision: 'launched-anyway', reason: null },
      { gate: 'identical-run', verdict: 'clean', decision: null, reason: null },
    ],
    custom: { 'lab.gpu_hours': { value: 1.5, type: 'number', unit: 'h' } },
    redactions: [{ where: 'command.argv[4]', rule: 'token' }],
    lifecycle: { peakMemoryBytes: 312_000_000 },
    log: 'epoch 1\nepoch 2\n',
  },
  {
    number: 0x4b00c0de,
    minutesAgo: 61,
    name: 'a baseline with a rather long name of its own',
    status: 'failed',
    durationMs: 11_000,
    code: { commit: null, tree: null, branch: null, clean: null },
    capture: { code: { status: 'partial', detail: 'no git repository', durationMs: 2 } },
    lifecycle: {
      failure: {
        kind: 'exception',
        message: 'ValueError: shapes (3,4) and (3,5) not aligned',
        traceback:
          'Traceback (most recent call last):\n  File "train.py", line 3, in <module>\n    fit()\nValueError: shapes (3,4) and (3,5) not aligned',
      },
    },
    config: { resolved: { lr: 1 } },
  },
  {
    number: 0x5c111111,
    minutesAgo: 20,
    name: null,
    status: 'killed',
    durationMs: 3_723_000,
    lifecycle: { signal: 'SIGKILL' },
    config: { resolved: { lr: 0.01 } },
    metrics: { val_acc: [0.12] },
  },
];

/** Names as nobody should give them, all in one run. */
export const hostile: RunStory[] = [
  {
    number: 0x66660001,
    name: 'up\u001b[2J\u001b]0;owned\u0007\nsecond line\u202egnp.exe',
    command: {
      argv: ['python', 'a b.py', "it's", 'tab\there', '\u009b31mred', ''],
      cwd: 'deep\r/folder',
      environmentOverrides: { 'PATH\u001b[1m': '/x\n/y' },
    },
    intent: {
      reason: 'two\nlines and \u2066isolated\u2069 text',
      expectation: null,
      tags: { 'k\u001b': 'v\u0000' },
    },
    config: {
      resolved: {
        'key\u001b[31m': 'value\u001b[0m',
        'with.dot': '数字データの設定値',
        long: 'x'.repeat(500),
        text: '1',
        number: 1,
        empty: '',
        yes: 'true',
        e\u0301: 'e\u0301te\u0301',
        emoji: '👩‍👩‍👧‍👦 family',
      } as Record<string, string | number>,
      origins: { long: { kind: 'file', path: 'conf\n/evil\u001b[5m.yaml', line: 1 } },
    },
    data: [makeData('data/\u202efdp.exe\n', digestOf('d1'))],
    artifacts: [
      makeArtifact(
        0x66660001,
        `out/${'very-long-folder-name/'.repeat(12)}model.bin`,
        digestOf('e1'),
      ),
      makeArtifact(0x66660001, 'out/caf\ufffd \u200bhidden', digestOf('e2')),
    ],
    metrics: { 'm\u001b[7m': [1, 'NaN'], loss: ['Infinity'] },
    status: 'failed',
    lifecycle: {
      failure: {
        kind: 'exception',
        message: 'bad \u001b]8;;http://example.org\u0007link',
        traceback: 'line one\r\n\tline \u001b[31mtwo\n',
      },
    },
    custom: { ['__proto__']: { value: '\u001bc', type: 'string', unit: null } },
  },
];
