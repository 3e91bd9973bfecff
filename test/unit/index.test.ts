import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { uuidv7 } from 'uuidv7';
import type { Point } from '../../agent/protocol/journal.ts';
import type { Judgement } from '../../agent/protocol/judgement.ts';
import type { Package } from '../../agent/protocol/record.ts';
import { sha256 } from '../../agent/store/digest.ts';
import { databasePath } from '../../agent/store/index/database-path.ts';
import { describeViews, views } from '../../agent/store/index/describe-views.ts';
import { openIndex, type RunIndex } from '../../agent/store/index/open-index.ts';
import { reindex } from '../../agent/store/index/reindex.ts';
import { JournalWriter } from '../../agent/store/journal.ts';
import { checkJournal } from '../../agent/store/journal-check.ts';
import { writeJudgement } from '../../agent/store/judgements.ts';
import { keepObject } from '../../agent/store/objects.ts';
import {
  makeArtifact,
  makeInput,
  makeProbe,
  makeRecord,
  makeWorkspace,
  recordRun,
  startedBy,
  timeAt,
} from '../support/journals.ts';

const environment = (packages: Package[]) => ({
  os: { name: 'Linux', release: '6.1', distribution: null },
  hardware: {
    class: 'cpu',
    cpu: { model: null, cores: 2, flagsDigest: null },
    memoryBytes: null,
    gpus: null,
  },
  runtimes: { cuda: null, rocm: null },
  container: null,
  interpreter: { name: 'python', version: '3.11.7', path: '/usr/bin/python3', digest: null },
  packages,
  locks: [],
  manager: null,
  settings: {},
  seeds: [],
  allocation: null,
});
const numpy: Package = {
  ecosystem: 'pypi',
  name: 'numpy',
  version: '2.3.1',
  source: null,
  imported: true,
};

describe('the index', () => {
  let workspace: ReturnType<typeof makeWorkspace>;
  let probe: ReturnType<typeof makeProbe>;
  let notices: string[];
  const opened: RunIndex[] = [];

  beforeEach(() => {
    workspace = makeWorkspace();
    probe = makeProbe();
    notices = [];
  });
  afterEach(() => {
    for (const index of opened.splice(0)) index.close();
    workspace.remove();
  });

  const open = (options = {}) => {
    const notice = (text: string) => notices.push(text);
    const index = openIndex(workspace.layout, { probe, notice, ...options });
    opened.push(index);
    return index;
  };
  /** Every row of every view. */
  const everything = (index: RunIndex) =>
    Object.fromEntries(
      views.map(({ name, columns }) => [
        name,
        index.query(
          `SELECT * FROM "${name}" ORDER BY ${columns.map((_, place) => place + 1).join(', ')}`,
        ),
      ]),
    );
  const statuses = (index: RunIndex) => index.rows().map(({ name, status }) => [name, status]);

  function recordMuch(): void {
    const { layout } = workspace;
    const a = recordRun(
      layout,
      {
        name: 'a',
        intent: { reason: 'why', expectation: null, tags: { stage: 'pilot' } },
        environment: environment([numpy]),
        custom: { 'lab.hours': { value: 1.5, type: 'number', unit: 'h' } },
        data: [makeInput('data/train.csv', 'rows')],
      },
      { artifacts: [makeArtifact('out/a.bin', 'A')] },
    );
    recordRun(layout, {
      name: 'b',
      data: [makeInput('out/a.bin', 'A')],
      environment: environment([numpy]),
    });
    recordRun(layout, { name: 'open' }, { close: false });
    judge(
      { kind: 'promotion', name: 'digits', version: 1 },
      { kind: 'artifact', run: a.id, digest: sha256('A') },
    );
    const writer = JournalWriter.resume(layout.journal(a.id));
    writer.append('metric', { source: 'events', points: somePoints }, timeAt(20), { sync: false });
    writer.close();
  }

  const somePoints = (['NaN', 'Infinity', '9007199254740993', 0.5] as const).map(
    (value, step): Point => ({
      name: 'loss',
      value,
      step,
      epoch: null,
      at: timeAt(step),
      unit: 'nat',
    }),
  );

  function judge(members: Record<string, unknown>, subject: Partial<Judgement['subject']>): void {
    writeJudgement(workspace.layout, {
      schemaVersion: 1,
      id: uuidv7(),
      kind: 'note',
      by: { name: 'Ada', email: null, kind: 'person', identity: null },
      at: timeAt(judged++),
      reason: 'because',
      ...members,
      subject: {
        kind: 'run',
        run: null,
        digest: null,
        path: null,
        name: null,
        version: null,
        ...subject,
      },
    } as Judgement);
  }
  let judged = 0;

  it('lists the newest run first, with its tags and metrics', () => {
    recordMuch();
    const rows = open().rows();
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['open', 'b', 'a'],
    );
    assert.deepEqual(rows[2]?.tags, { stage: 'pilot' });
    assert.deepEqual(rows[2]?.metrics, { loss: 0.5 });
    assert.deepEqual([rows[2]?.complete, rows[2]?.clean, rows[2]?.durationMs], [true, true, 1000]);
  });

  it('filters, sorts, cuts and adds columns as it is asked to', () => {
    recordMuch();
    const index = open();
    const where = {
      sql: "runs.id IN (SELECT run_id FROM metrics WHERE name = 'loss' AND last < ?)",
      params: [1],
    };
    assert.deepEqual(
      index.rows({ where }).map(({ name }) => name),
      ['a'],
    );
    const rows = index.rows({ orderBy: 'runs.name', limit: 2, columns: ['host', 'interpreter'] });
    assert.deepEqual(
      rows.map(({ name, interpreter }) => [name, interpreter]),
      [
        ['a', 'python 3.11.7'],
        ['b', 'python 3.11.7'],
      ],
    );
    const ids = index.rows().map(({ id }) => id);
    assert.deepEqual(
      index.rows({ ids: [...ids].reverse() }).map(({ id }) => id),
      ids.reverse(),
    );
  });

  it('gives a record back as its journal tells it, packages and judgements with it', () => {
    recordMuch();
    const index = open();
    const [, , a] = index.rows();
    const record = index.record(a?.id ?? '');
    assert.deepEqual(record?.environment?.packages, [numpy]);
    assert.equal(record?.judgements[0]?.kind, 'promotion');
    assert.equal(record?.artifacts[0]?.path, 'out/a.bin');
    assert.equal(index.record(uuidv7()), null);
  });

  it('has every view with every column that is documented', () => {
    recordMuch();
    const index = open();
    const documentation = describeViews();
    for (const [name, rows] of Object.entries(everything(index))) {
      const [row] = rows;
      if (name !== 'trust') assert(row !== undefined, `${name} is empty`);
      for (const column of Object.keys(row ?? {}))
        assert.ok(documentation.includes(`| \`${column}\` |`), column);
    }
  });

  it('keeps numbers comparable and says what no number is', () => {
    recordMuch();
    const rows = open().query('SELECT step, value, value_text, at, n FROM points ORDER BY n');
    assert.deepEqual(rows[0], { step: 0, value: null, value_text: 'NaN', at: timeAt(0), n: 1 });
    assert.equal(rows[1]?.value_text, 'Infinity');
    assert.equal(rows[2]?.value_text, '9007199254740993');
    assert.deepEqual(rows[3], { step: 3, value: 0.5, value_text: null, at: timeAt(3), n: 4 });
  });

  it('has the same rows after it was removed and made again', () => {
    recordMuch();
    const before = everything(open());
    for (const index of opened.splice(0)) index.close();
    const path = databasePath(workspace.layout) ?? '';
    rmSync(path, { force: true });
    assert.equal(reindex(workspace.layout, { probe }), 3);
    assert.deepEqual(everything(open()), before);
    assert.equal(reindex(workspace.layout, { probe }), 3);
    assert.deepEqual(everything(open()), before);
  });

  it('is made anew while others have it open', () => {
    recordMuch();
    const index = open();
    const before = everything(index);
    reindex(workspace.layout, { probe });
    assert.deepEqual(everything(index), before);
    recordRun(workspace.layout, { name: 'late' });
    index.refresh();
    assert.equal(index.rows()[0]?.name, 'late');
  });

  it('takes in only what is new, in any portions, to the same rows', () => {
    const { layout } = workspace;
    const record = makeRecord({ name: 'slow' });
    const writer = JournalWriter.create(layout.journal(record.id), { reserveBytes: 0 });
    writer.append('launch', record, timeAt(0), { sync: false });
    const index = open();
    for (const point of somePoints) {
      writer.append('metric', { source: 'events', points: [point] }, timeAt(1), { sync: false });
      index.refresh();
    }
    writer.close();
    const piecemeal = everything(index);
    reindex(layout, { probe });
    assert.deepEqual(everything(index), piecemeal);
    assert.equal(piecemeal.points?.length, 4);
  });

  it('reads a journal anew that is not the one it read', () => {
    const { layout } = workspace;
    const id = uuidv7();
    recordRun(layout, { id, name: 'first' });
    const index = open();
    rmSync(layout.runFolder(id), { recursive: true });
    recordRun(layout, { id, name: 'second, with a longer name' });
    index.refresh();
    assert.equal(index.rows()[0]?.name, 'second, with a longer name');
    const lines = readFileSync(layout.journal(id), 'utf8').split('\n');
    writeFileSync(layout.journal(id), `${lines[0]}\n`);
    index.refresh();
    assert.deepEqual(statuses(index), [['second, with a longer name', 'lost']]);
  });

  it('remembers an end that was cut off, so that verification can tell', () => {
    const { layout } = workspace;
    const { id } = recordRun(layout, { name: 'r' });
    const index = open();
    const end = index.lastHash(id) ?? '';
    const journal = layout.journal(id);
    const whole = readFileSync(journal, 'utf8');
    writeFileSync(journal, `${whole.split('\n')[0]}\n`);
    index.refresh();
    assert.notEqual(index.lastHash(id), end);
    reindex(layout, { probe });
    assert.ok(
      checkJournal(journal, index.knownHashes(id)).problems.some(
        ({ expected }) => expected === end,
      ),
    );
    writeFileSync(journal, whole);
    index.refresh();
    assert.deepEqual(checkJournal(journal, index.knownHashes(id)).problems, []);
  });

  it('forgets runs whose folders are gone', () => {
    recordMuch();
    const index = open();
    for (const { id } of index.rows()) rmSync(workspace.layout.runFolder(id), { recursive: true });
    index.refresh();
    assert.deepEqual(index.rows(), []);
    assert.deepEqual(index.query('SELECT * FROM points'), []);
  });

  it('says what an unfinished run is now, each time it is asked', () => {
    const { layout } = workspace;
    const record = recordRun(layout, { name: 'r' }, { close: false });
    probe.alive.add(11);
    const index = open();
    assert.deepEqual(statuses(index), [['r', 'running']]);
    probe.alive.delete(11);
    probe.alive.add(12);
    index.refresh();
    assert.deepEqual([statuses(index), index.rows()[0]?.unattended], [[['r', 'running']], true]);
    probe.alive.delete(12);
    const exit = { exitCode: 3, signal: null, endedAt: timeAt(2000), durationMs: 1995, log: null };
    writeFileSync(join(layout.runFolder(record.id), 'exit.json'), JSON.stringify(exit));
    index.refresh();
    assert.deepEqual(statuses(index), [['r', 'failed']]);
    assert.equal(index.record(record.id)?.lifecycle.exitCode, 3);
    rmSync(join(layout.runFolder(record.id), 'exit.json'));
    index.refresh();
    assert.deepEqual(statuses(index), [['r', 'lost']]);
  });

  it('writes nothing where nothing changed', () => {
    recordMuch();
    const index = open();
    const other = new DatabaseSync(index.path() ?? '');
    other.exec('BEGIN IMMEDIATE');
    index.refresh();
    other.exec('ROLLBACK');
    other.close();
    assert.deepEqual(notices, []);
  });

  describe('trust', () => {
    it('is lost by what is retired and by everything downstream, until it is reinstated', () => {
      const { layout } = workspace;
      const manifest = Buffer.from(`${sha256('A').slice(7)}  1  a.bin\n`);
      const folder = keepObject(layout, manifest);
      const tree = makeInput('out', '', { mode: 'tree', digest: folder, manifest: folder });
      const a = recordRun(layout, { name: 'a' }, { artifacts: [makeArtifact('out/a.bin', 'A')] });
      recordRun(
        layout,
        { name: 'b', data: [makeInput('x', 'A')] },
        { artifacts: [makeArtifact('b.bin', 'B')] },
      );
      recordRun(layout, { name: 'c', data: [makeInput('b.bin', 'B')] });
      recordRun(layout, { name: 'of the folder', data: [tree] });
      recordRun(layout, { name: 'apart', data: [makeInput('y', 'Y')] });
      recordRun(layout, { name: 'only named', data: [makeInput('b.bin', 'B', { role: 'named' })] });
      judge(
        { kind: 'promotion', name: 'm', version: 1 },
        { kind: 'artifact', run: a.id, digest: sha256('B') },
      );
      const index = open();
      const trust = () => Object.fromEntries(index.rows().map((row) => [row.name, row.trust]));
      assert.ok(Object.values(trust()).every((value) => value === 'ok'));
      judge({ kind: 'retirement', as: 'invalidated' }, { kind: 'run', run: a.id });
      index.refresh();
      assert.deepEqual(trust(), {
        a: 'retired',
        b: 'suspect',
        c: 'suspect',
        'of the folder': 'suspect',
        apart: 'ok',
        'only named': 'ok',
      });
      assert.deepEqual([index.trustOf(sha256('B')), index.trustOf('m@v1')], ['suspect', 'suspect']);
      judge({ kind: 'retirement', as: 'reinstated' }, { kind: 'run', run: a.id });
      index.refresh();
      assert.ok(Object.values(trust()).every((value) => value === 'ok'));
    });

    it('is lost by a run that is recorded after its data was retired', () => {
      judge({ kind: 'retirement', as: 'withdrawn' }, { kind: 'dataset', digest: sha256('rows') });
      const index = open();
      recordRun(workspace.layout, { name: 'late', data: [makeInput('d.csv', 'rows')] });
      index.refresh();
      assert.equal(index.rows()[0]?.trust, 'suspect');
    });

    it('is not lost through empty files', () => {
      const { layout } = workspace;
      const a = recordRun(layout, { name: 'a' }, { artifacts: [makeArtifact('out/done', '')] });
      recordRun(layout, { name: 'b', data: [makeInput('flag', '')] });
      judge({ kind: 'retirement', as: 'invalidated' }, { kind: 'run', run: a.id });
      assert.equal(open().rows()[0]?.trust, 'ok');
    });
  });

  describe('a reference', () => {
    it('is an id, its beginning or end, a name, a path, a digest, or name@version', () => {
      recordMuch();
      const index = open();
      const a = index.rows()[2]?.id ?? '';
      const refs = [a, a.slice(-8), a.slice(-8).toUpperCase(), 'a', 'out/a.bin', './out/a.bin'];
      for (const ref of [...refs, sha256('A'), sha256('A').slice(7, 15), 'digits@1', 'digits@v1']) {
        assert.equal(index.resolveRef(ref).id, a, ref);
      }
      assert.equal(index.resolveRef('digits@1').digest, sha256('A'));
    });

    it('is the newest run of a name', () => {
      recordRun(workspace.layout, { name: 'twice' });
      const { id } = recordRun(workspace.layout, { name: 'twice' });
      assert.equal(open().resolveRef('twice').id, id);
    });

    it('that could be several things lists them', () => {
      const ids = ['1', '2'].map((digit) => `01a209a7-6f10-7b2a-b0aa-b85461b1d20${digit}`);
      for (const id of ids) recordRun(workspace.layout, { id });
      const index = open();
      assert.throws(
        () => index.resolveRef('01a209a7'),
        (error: Error) => {
          return ids.every((id) => error.message.includes(id));
        },
      );
      assert.throws(() => index.resolveRef('nowhere'), { code: 'not-found' });
      for (const odd of ['', '%', "' OR 1=1", '../x', 'a\0b']) {
        assert.throws(() => index.resolveRef(odd), { code: 'not-found' }, odd);
      }
    });
  });

  describe('a query', () => {
    it('reads, whatever the values are', () => {
      const [row] = open().query(
        "SELECT 9007199254740993 AS big, x'00ff' AS blob, 9e999 AS up, 1 AS a, 2 AS a",
      );
      assert.deepEqual(row, {
        big: '9007199254740993',
        blob: 'AP8=',
        up: 'Infinity',
        a: 1,
        'a:2': 2,
      });
      assert.deepEqual(open().query('SELECT \';\' AS "a;b" -- ; over\n;'), [{ 'a;b': ';' }]);
    });

    for (const sql of [
      'DELETE FROM run',
      'DROP VIEW runs',
      'CREATE TABLE x (y)',
      'CREATE TEMP TABLE x (y)',
      "ATTACH '/tmp/other.sqlite' AS other",
      'PRAGMA user_version = 9',
      'PRAGMA journal_mode = DELETE',
      'VACUUM',
      "VACUUM INTO '/tmp/copy.sqlite'",
      'BEGIN IMMEDIATE',
      'SELECT 1; DELETE FROM run',
      'SELECT /* ; */ 1 /* */; SELECT 2',
      "SELECT load_extension('x')",
      'SELECT FROM',
      '',
    ]) {
      it(`is refused: ${sql}`, () => {
        recordRun(workspace.layout);
        for (const index of [open(), open({ readOnly: true })]) {
          assert.throws(() => index.query(sql), { code: 'query-failed', exitCode: 2 });
          assert.equal(index.rows().length, 1);
        }
      });
    }
  });

  describe('when something is wrong', () => {
    const path = () => databasePath(workspace.layout) ?? '';

    it('is refused where a newer version made it, with what to do', () => {
      open().close();
      opened.splice(0);
      const db = new DatabaseSync(path());
      db.exec('PRAGMA user_version = 99');
      db.close();
      assert.throws(() => open(), { code: 'index-newer', action: /Update Run Record/ });
    });

    it('is moved aside and made again where it is damaged, and says so once', () => {
      recordRun(workspace.layout, { name: 'r' });
      writeFileSync(path(), 'this is not a database '.repeat(100));
      assert.deepEqual(statuses(open()), [['r', 'succeeded']]);
      assert.match(notices.join('\n'), /damaged/);
      assert.deepEqual(statuses(open()), [['r', 'succeeded']]);
      assert.equal(notices.length, 1);
      assert.ok(
        readdirSync(dirname(path())).some((name) => name.startsWith('runs.sqlite.damaged-')),
      );
    });

    it('is moved aside where it is a database of something else', () => {
      recordRun(workspace.layout, { name: 'r' });
      const db = new DatabaseSync(path());
      db.exec('CREATE TABLE run (x)');
      db.close();
      assert.deepEqual(statuses(open()), [['r', 'succeeded']]);
    });

    it('is made in memory where it may not be written', () => {
      recordMuch();
      const index = open({ readOnly: true });
      assert.equal(index.path(), null);
      assert.equal(index.rows().length, 3);
      assert.equal(index.query('SELECT * FROM runs').length, 3);
    });

    it('is empty where there is no workspace yet, and makes none', () => {
      rmSync(workspace.layout.home, { recursive: true });
      assert.deepEqual(open().rows(), []);
      assert.deepEqual(readdirSync(workspace.layout.root), []);
    });

    it('keeps to the name of the folder: a copied run is not taken for another', () => {
      const { layout } = workspace;
      const { id } = recordRun(layout, { name: 'r' });
      const copy = uuidv7();
      mkdirSync(layout.runFolder(copy));
      copyFileSync(layout.journal(id), layout.journal(copy));
      assert.deepEqual(statuses(open()), [['r', 'succeeded']]);
    });

    it('takes a damaged launch line for what is left of it', () => {
      const { layout } = workspace;
      const record = makeRecord({ name: 'r' });
      const writer = JournalWriter.create(layout.journal(record.id), { reserveBytes: 0 });
      const broken = {
        ...record,
        data: 'none',
        config: { resolved: 4 },
      } as unknown as typeof record;
      writer.append('launch', broken, timeAt(0), { sync: false });
      writer.append('started', startedBy(11, 12, 13), timeAt(1), { sync: false });
      writer.close();
      const index = open();
      assert.equal(index.rows()[0]?.name, 'r');
      assert.equal(index.record(record.id)?.capture.data.status, 'failed');
      assert.equal(index.record(record.id)?.code.branch, 'main');
    });

    it('stands what a hostile journal holds', () => {
      const { layout } = workspace;
      const { id } = recordRun(layout, { name: 'r' }, { close: false });
      const line = (type: string, data: string) =>
        `{"seq":9,"at":"x","type":"${type}","prev":null,"data":${data},"hash":"sha256:0"}\n`;
      const nested = '['.repeat(100_000) + ']'.repeat(100_000);
      for (const [type, data] of [
        [
          'metric',
          '{"points":[null,{"name":"__proto__","value":1e999},{"name":5},{"name":"x","value":"NaN"}]}',
        ],
        ['custom', '{"values":{"__proto__":{"value":1,"type":"number","unit":null}}}'],
        ['config', `{"config":{"resolved":{"deep":${nested}}}}`],
        ['closed', '{"lifecycle":{"status":"succeeded"}}'],
        ['artifact', '{"artifacts":[{}]}'],
        ['toString', '{}'],
        ['started', 'null'],
      ] as const) {
        appendFileSync(layout.journal(id), line(type, data));
      }
      appendFileSync(layout.journal(id), 'null\n\n\0\0\0\n{"seq":"1"}\n[]\n"x"\n');
      const index = open();
      assert.deepEqual(statuses(index), [['r', 'lost']]);
      assert.deepEqual(Object.keys(index.record(id)?.custom ?? {}), ['__proto__']);
      assert.equal(({} as { value?: unknown }).value, undefined);
      assert.deepEqual(Object.entries(index.rows()[0]?.metrics ?? {}), [
        ['__proto__', 'Infinity'],
        ['x', 'NaN'],
      ]);
    });
  });
});
