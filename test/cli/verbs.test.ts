import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { defaultTable } from '../../agent/cli/list-table.ts';
import type { LaunchOptions } from '../../agent/core/launch-options.ts';
import { RunRecordError } from '../../agent/protocol/errors.ts';
import { gateNames } from '../../agent/protocol/names.ts';
import type { Check, ListRow } from '../../agent/protocol/verbs.ts';
import { runOn } from '../support/cli.ts';
import { idOf, makeWorkspace, minutesAgo, testNow } from '../support/records.ts';
import { history } from '../support/stories.ts';

let workspace: ReturnType<typeof makeWorkspace>;
const run = (args: string[], options: Parameters<typeof runOn>[2] = {}) =>
  runOn(workspace.layout.root, args, options);

beforeEach(() => {
  workspace = makeWorkspace(history);
});
afterEach(() => workspace.remove());

describe('runrecord run', () => {
  async function launch(
    args: string[],
  ): Promise<{ asked: LaunchOptions | null; code: number; stderr: string }> {
    let asked: LaunchOptions | null = null;
    const { code, stderr } = await run(args, {
      deps: {
        launchRun: async (options) => {
          asked = options;
          return 7;
        },
      },
    });
    return { asked, code, stderr };
  }

  it('hands the words after -- to the program as they are, and exits as it does', async () => {
    const { asked, code } = await launch(['run', '--', 'sh', '-c', 'exit 7', '--', '--name', 'x']);
    assert.deepEqual(asked?.argv, ['sh', '-c', 'exit 7', '--', '--name', 'x']);
    assert.equal(asked?.name, null);
    assert.equal(code, 7);
  });
  it('takes its options in both spellings', async () => {
    const { asked } = await launch([
      ...['run', '--name=digits', '--reason', '-x is odd', '--config', 'a', '--config=b'],
      ...['--data', 'd', '--out', 'o', '--tag', 'k=v=w', '--gate', 'dirty-tree=block'],
      ...['--no-log', '--quiet', '--record-file', 'id.txt', '--', 'true'],
    ]);
    assert.deepEqual(asked, {
      named: null,
      argv: ['true'],
      name: 'digits',
      reason: '-x is odd',
      config: ['a', 'b'],
      data: ['d'],
      outputs: ['o'],
      tags: { k: 'v=w' },
      gates: { 'dirty-tree': 'block' },
      keepLog: false,
      quiet: true,
      recordFile: 'id.txt',
    });
  });
  it('takes a name of runrecord.yaml, and more words for its command', async () => {
    const { asked } = await launch(['run', 'train', '--', 'lr=0.1']);
    assert.deepEqual([asked?.named, asked?.argv], ['train', ['lr=0.1']]);
  });

  const wrong: [string[], RegExp][] = [
    [['run'], /There is no command to run\.\n.*runrecord run -- python train\.py/],
    [['run', '--'], /There is no command to run/],
    [['run', 'python', 'train.py'], /must come after --\.\nrunrecord run -- python train\.py/],
    [['run', '--nam', 'x', '--', 'true'], /Unknown option '--nam'.*\nDid you mean --name\?/],
    [['run', '--name'], /argument missing/],
    [['run', '--tag', 'x', '--', 'true'], /--tag x has no value/],
    [['run', '--gate', 'dirty=block', '--', 'true'], /no gate "dirty"/],
    [['run', '--gate', 'dirty-tree=blok', '--', 'true'], /Did you mean block\?/],
    [['run', '--on', 'slurm', '--', 'true'], /no engine "slurm": only local/],
  ];
  for (const [args, message] of wrong) {
    it(`exits 2 for ${args.join(' ')}`, async () => {
      const { asked, code, stderr } = await launch(args);
      assert.equal(asked, null);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }

  const failures: [string, unknown, number][] = [
    ['the recorder failed', new Error('boom'), 125],
    ['the disk is full', Object.assign(new Error('no space left'), { code: 'ENOSPC' }), 125],
    ['a gate blocked', new RunRecordError('blocked', 'Blocked.', 'Commit.', 4), 4],
    ['there is no such program', new RunRecordError('x', 'No.', 'Install it.', 127), 127],
    ['the error has another code', new RunRecordError('x', 'No.', 'Do it.', 3), 125],
  ];
  for (const [what, error, expected] of failures) {
    it(`exits ${expected} where ${what}`, async () => {
      const { code } = await run(['run', '--', 'true'], {
        deps: { launchRun: () => Promise.reject(error) },
      });
      assert.equal(code, expected);
    });
  }
});

describe('runrecord check', () => {
  const check = (verdict: Check['verdict']): Check => ({
    verdict,
    gates: gateNames.map((gate) => ({
      gate,
      verdict: gate === 'unresolved-config' ? verdict : 'clean',
      evidence:
        gate === 'unresolved-config' && verdict !== 'clean'
          ? [{ path: 'conf/base.yaml', line: 7, endLine: 7, message: 'model.width has no value' }]
          : [],
      action: gate === 'unresolved-config' ? 'Give it a value.' : null,
    })),
  });
  for (const [verdict, code] of [
    ['clean', 0],
    ['warn', 3],
    ['block', 4],
  ] as const) {
    it(`exits ${code} where the verdict is ${verdict}`, async () => {
      const deps = { checkLaunch: async () => check(verdict) };
      assert.equal((await run(['check', '--', 'true'], { deps })).code, code);
      const { stdout } = await run(['check', '--json', '--', 'true'], { deps });
      assert.equal(JSON.parse(stdout).gates.length, 8);
    });
  }
  it('names the place and what to do', async () => {
    const { stdout } = await run(['check'], { deps: { checkLaunch: async () => check('warn') } });
    assert.match(
      stdout,
      /warning {2}unresolved-config\n.*conf\/base\.yaml:7: model\.width has no value\n.*Give it a value\./,
    );
    assert.match(stdout, /7 gates found nothing\./);
  });
});

describe('runrecord show', () => {
  it('prints the record with its trust', async () => {
    const { stdout } = await run(['show', '3a2c9e11', '--json']);
    const record = JSON.parse(stdout);
    assert.equal(record.id, idOf(0x3a2c9e11));
    assert.equal(record.trust, 'ok');
    assert.equal(record.metrics.length, 2);
  });
  it('takes the path of a file from the folder in which it is asked', async () => {
    const { stdout } = await run(['show', join(workspace.layout.root, 'out/model.bin'), '--json']);
    assert.equal(JSON.parse(stdout).id, idOf(0x3a2c9e11));
  });
  it('fails with the reason as JSON where that was asked for', async () => {
    const { stdout, stderr, code } = await run(['show', 'nothing', '--json']);
    assert.equal(stdout, '');
    assert.equal(JSON.parse(stderr).error.code, 'not-found');
    assert.equal(code, 1);
  });
});

describe('runrecord diff', () => {
  it('has the members that scripts rely on', async () => {
    const deps = { compareCode: async () => ({ commitA: null, commitB: null, files: [] }) };
    const { stdout } = await run(['diff', '2f77aa02', '3a2c9e11', '--json'], { deps });
    const comparison = JSON.parse(stdout);
    assert.deepEqual(comparison.config[0].key, 'lr');
    assert.deepEqual(
      comparison.environment.map(({ name }: { name: string }) => name),
      ['numpy'],
    );
    assert.equal(comparison.metrics[0].difference.toFixed(3), '0.022');
  });
  it('says that code may differ where the repository cannot tell', async () => {
    const compareCode = () => Promise.reject(new Error('the tree is gone'));
    const { code } = await run(['diff', '2f77aa02', '3a2c9e11'], { deps: { compareCode } });
    assert.equal(code, 0);
  });
});

describe('runrecord log', () => {
  it('prints the bytes of the program', async () => {
    assert.equal((await run(['log', '3a2c9e11'])).stdout, 'epoch 1\nepoch 2\n');
  });
  it('says where the file is', async () => {
    const log = JSON.parse((await run(['log', '3a2c9e11', '--json'])).stdout);
    assert.deepEqual([log.sizeBytes, log.truncated], [16, false]);
    assert.equal(readFileSync(log.path, 'utf8').length, 16);
  });
  it('fails where there is none', async () => {
    const { stderr, code } = await run(['log', '2f77aa02', '--follow']);
    assert.match(stderr, /There is no log of this run/);
    assert.equal(code, 1);
  });
});

describe('runrecord verify', () => {
  const problem = {
    subject: 'out/model.bin',
    what: 'has other content',
    expected: 'sha256:a',
    found: 'sha256:b',
  };
  it('exits 0 where all is as recorded', async () => {
    const deps = { verifyRuns: async () => ({ ok: true, checked: 12, problems: [] }) };
    const { stdout, code } = await run(['verify', '3a2c9e11'], { deps });
    assert.equal(stdout, '12 things checked, no problems.\n');
    assert.equal(code, 0);
  });
  it('exits 1 and names each problem', async () => {
    const deps = { verifyRuns: async () => ({ ok: false, checked: 12, problems: [problem] }) };
    const { stdout, code } = await run(['verify', '--all'], { deps });
    assert.match(
      stdout,
      /out\/model\.bin: has other content\n +recorded +sha256:a\n +found +sha256:b/,
    );
    assert.equal(code, 1);
  });
  it('wants to know what to verify', async () => {
    assert.equal((await run(['verify'])).code, 2);
    assert.equal((await run(['verify', 'digits', '--all'])).code, 2);
  });
});

describe('runrecord note', () => {
  it('writes a judgement, and the run shows it', async () => {
    const { stderr, code } = await run(['note', 'digits', 'the loss jumps\nat step 300']);
    assert.equal(code, 0);
    assert.equal(stderr, 'Noted on digits 3a2c9e11.\n');
    const [file = ''] = readdirSync(workspace.layout.judgements);
    const judgement = JSON.parse(readFileSync(join(workspace.layout.judgements, file), 'utf8'));
    assert.equal(judgement.subject.run, idOf(0x3a2c9e11));
    assert.match(judgement.journalHash, /^sha256:/);
    assert.match(
      (await run(['show', 'digits'])).stdout,
      /Judgements\n {2}note {2}the loss jumps\\nat step 300 \(Ada, now\)/,
    );
  });
  it('wants a text', async () => {
    assert.equal((await run(['note', 'digits', ' '])).code, 2);
  });
});

describe('runrecord query', () => {
  it('prints a table, and an array of objects as JSON', async () => {
    const sql = "SELECT name, count(*) AS runs FROM runs WHERE name = 'digits' GROUP BY name";
    assert.equal((await run(['query', sql])).stdout, 'name    runs\ndigits     2\n');
    assert.deepEqual(JSON.parse((await run(['query', sql, '--json'])).stdout), [
      { name: 'digits', runs: 2 },
    ]);
  });
  it('only reads', async () => {
    for (const sql of ['DELETE FROM run', 'ATTACH "x" AS y', 'SELECT 1; DROP TABLE run']) {
      assert.equal((await run(['query', sql])).code, 2, sql);
    }
  });
});

describe('the command line', () => {
  it('teaches each verb with examples', async () => {
    for (const verb of [
      'run',
      'check',
      'list',
      'show',
      'log',
      'diff',
      'verify',
      'note',
      'query',
      'reindex',
    ]) {
      const { stdout, code } = await run([verb, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Usage: runrecord ${verb}`));
      assert.match(stdout, /Examples:\n {2}# /);
    }
  });
  it('says its version and, asked for nothing, what it can do', async () => {
    assert.equal((await run(['--version'])).stdout, '0.0.0\n');
    const { stdout, stderr, code } = await run([]);
    assert.equal(stdout, '');
    assert.match(stderr, /Usage: runrecord/);
    assert.equal(code, 2);
  });
  it('proposes the verb or option that was meant', async () => {
    const verb = await run(['lits']);
    assert.match(verb.stderr, /Unknown command 'lits'\.\nDid you mean list\?/);
    assert.equal(verb.code, 2);
    const option = await run(['list', '--limt', '3', '--json']);
    assert.match(JSON.parse(option.stderr).error.action, /--limit/);
    assert.equal(option.code, 2);
  });
  it('has no colour unless it writes to a terminal that has', async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that begins a colour
    const colour = /\u001b\[/;
    assert.doesNotMatch((await run(['list'])).stdout, colour);
    assert.match((await run(['list'], { terminal: 80 })).stdout, colour);
    assert.doesNotMatch(
      (await run(['list'], { terminal: 80, environment: { NO_COLOR: '1' } })).stdout,
      colour,
    );
    assert.match((await run(['list'], { environment: { FORCE_COLOR: '1' } })).stdout, colour);
  });
  it('shows all columns where nobody is watching', async () => {
    assert.match((await run(['list'])).stdout, /a baseline with a rather long name of its own/);
  });
  it('ends quietly where its reader goes away', async () => {
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => {
        done(Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
      },
    });
    const { stderr, code } = await run(['list'], { deps: { stdout } });
    assert.deepEqual([stderr, code], ['', 0]);
  });
  it('shows how long a run has gone on', () => {
    const row = {
      ...{ status: 'running', startedAt: minutesAgo(5), createdAt: minutesAgo(5) },
      ...{ durationMs: null, name: 'x', metrics: {}, commit: null, clean: null },
      ...{ complete: true, trust: 'ok', unattended: true, id: idOf(1) },
    } as ListRow;
    const { rows } = defaultTable([row], testNow);
    assert.deepEqual(
      rows[0]?.map(({ text }) => text),
      ['running', 'x', '5 m ago', '5 m 00 s', '-', 'unattended', '00000001'],
    );
  });
  it('says where there is nothing yet', async () => {
    rmSync(workspace.layout.home, { recursive: true });
    writeFileSync(join(workspace.layout.root, 'runrecord.yaml'), 'version: 1\n');
    const { stdout, stderr, code } = await run(['list']);
    assert.equal(stdout, '');
    assert.match(stderr, /No runs are recorded here yet\. Record one: runrecord run -- COMMAND/);
    assert.equal(code, 0);
    assert.equal((await run(['list', '--json'])).stdout, '[]\n');
  });
});

describe('runrecord reindex', () => {
  it('says how many runs there are', async () => {
    const deps = { reindex: async () => ({ runs: 4, lost: [] }) };
    const { stderr, code } = await run(['reindex'], { deps });
    assert.deepEqual([stderr, code], ['4 runs in the index.\n', 0]);
  });
  it('says which runs are known to the repository alone, and deletes what it holds when told to', async () => {
    const deps = {
      reindex: async () => ({ runs: 4, lost: [idOf(1)] }),
      prune: async () => ({ pruned: [idOf(2)], problems: [] }),
    };
    const { stderr, code } = await run(['reindex', '--prune'], { deps });
    assert.match(stderr, /1 removed record deleted\.\n4 runs in the index\.\n1 run has a snapshot/);
    assert.equal(code, 0);
    const { stdout } = await run(['reindex', '--prune', '--json'], { deps });
    assert.deepEqual(JSON.parse(stdout).pruned, [idOf(2)]);
    assert.deepEqual(JSON.parse(stdout).lost, [idOf(1)]);
    assert.equal((await run(['reindex', '--prune', '--recover'], { deps })).code, 2);
  });
  it('says what came back, and what could not', async () => {
    const deps = {
      reindex: async () => ({ runs: 4, lost: [] }),
      recover: async () => ({ recovered: [idOf(1)], problems: ['run 2: its anchor is damaged'] }),
    };
    const { stderr, code } = await run(['reindex', '--recover'], { deps });
    assert.match(stderr, /1 record brought back\.\nrun 2: its anchor is damaged\n4 runs/);
    assert.equal(code, 1);
    const { stdout } = await run(['reindex', '--recover', '--json'], { deps });
    assert.deepEqual(JSON.parse(stdout).recovered, [idOf(1)]);
  });
});
