import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { door, Workspace } from '../support/workspace.ts';

/** What went wrong for somebody once, on the built command line. */

const id = (n: number) => `019a8f0e-0000-7000-8000-${String(n).padStart(12, '0')}`;
const makePipe = (path: string) => execFileSync('mkfifo', [path]);

describe('a configuration', () => {
  let workspace: Workspace;
  afterEach(() => workspace.dispose());

  it('that is a pipe is told, and not waited for', async () => {
    workspace = new Workspace({});
    makePipe(join(workspace.root, 'pipe.yaml'));
    const { code, record } = await workspace.record(['--config', 'pipe.yaml', '--', 'true']);
    assert.equal(code, 0);
    assert.equal(record.capture.config.status, 'partial');
    assert.match(record.capture.config.detail ?? '', /^pipe\.yaml: cannot be read: not a file/);
  });

  it('that is not there is told once, by its path in the workspace', async () => {
    workspace = new Workspace({});
    const { stderr, record } = await workspace.record(['--config', 'nope.yaml', '--', 'true']);
    assert.match(stderr, /warning: nope\.yaml is not there \(unresolved-config\)/);
    assert.equal(record.config.unresolved[0]?.path, 'nope.yaml');
    assert.equal(record.config.unresolved[0]?.reason, 'missing-file');
  });

  it('that is not there is told where only the command names it', async () => {
    workspace = new Workspace({ 'a.py': '' });
    const { record } = await workspace.record(['--', 'python3', 'a.py', '--config', 'nope.yaml']);
    assert.equal(record.config.unresolved[0]?.path, 'nope.yaml');
    assert.equal(record.config.unresolved[0]?.reason, 'missing-file');
  });

  it('that nobody tracks and that holds a password is not in the snapshot', async () => {
    const secret = 'Zq7hunter2Xk9';
    workspace = new Workspace({});
    workspace.write('creds.json', `{"aws_secret_access_key": "${secret}"}`);
    workspace.write('c.yaml', `db: { password: ${secret} }\n`);
    workspace.write('plain.yaml', 'max_tokens: 512\ntokenizer: gpt2\npad_token: "<pad>"\n');
    const { record } = await workspace.record(['--config', 'c.yaml', '--', 'true']);
    const snapshot = record.code.snapshot?.commit ?? '';
    const files = workspace.git('ls-tree', '-r', '--name-only', snapshot);
    assert.equal(files, 'plain.yaml\n');
    assert.deepEqual(
      record.code.leftOut.map(({ path, reason, digest }) => [path, reason, digest]),
      [
        ['c.yaml', 'secret', null],
        ['creds.json', 'secret', null],
      ],
    );
    assert.equal(workspace.allKept().includes(secret), false);
  });
});

describe('a launch', () => {
  let workspace: Workspace;
  afterEach(() => workspace.dispose());

  it('is refused where a path is empty, as an unset variable leaves it', async () => {
    workspace = new Workspace({});
    for (const option of ['--data', '--config', '--out']) {
      const { code, stderr } = await workspace.run(['run', option, '', '--', 'true']);
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`${option} is empty`));
    }
    assert.deepEqual(workspace.runs(), []);
  });

  it('keeps its code where the whole workspace is called data or output', async () => {
    workspace = new Workspace({});
    workspace.write('new.py', 'print(1)\n');
    for (const option of ['--data', '--out']) {
      const { record } = await workspace.record([option, '.', '--', 'true']);
      const snapshot = record.code.snapshot?.commit ?? '';
      assert.match(workspace.git('ls-tree', '-r', '--name-only', snapshot), /^new\.py$/m, option);
      assert.equal(record.code.clean, false);
    }
  });

  it('is refused where its outputs lie above the workspace', async () => {
    workspace = new Workspace({});
    const { code, stderr } = await workspace.run(['run', '--out', '/', '--', 'true']);
    assert.equal(code, 2);
    assert.match(stderr, /\/ holds the whole workspace/);
    workspace.write('runrecord.yaml', 'version: 1\noutputs: [..]\n');
    assert.equal((await workspace.run(['run', '--', 'true'])).code, 2);
    assert.equal((await workspace.run(['list'])).code, 0);
  });

  it('is refused where its settings are no file', async () => {
    workspace = new Workspace({});
    makePipe(join(workspace.root, 'runrecord.yaml'));
    const { code, stderr } = await workspace.run(['run', '--', 'true']);
    assert.equal(code, 2);
    assert.match(stderr, /runrecord\.yaml cannot be read: not a file/);
    assert.equal((await workspace.run(['list'])).code, 0);
  });

  it('from a folder that was removed is refused in words', async () => {
    workspace = new Workspace({});
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" run -- true';
    const child = spawnSync('sh', ['-c', script, process.execPath, door], {
      cwd: workspace.root,
      encoding: 'utf8',
    });
    assert.equal(child.status, 125);
    assert.match(child.stderr, /^runrecord: the current folder is not there any more\.$/m);
  });

  it('without a repository says in words what of the code is kept', async () => {
    workspace = new Workspace({ 'a.py': '' }, { git: false });
    const { record } = await workspace.record(['--', 'python3', 'a.py']);
    const expected = 'not in a git repository: only the program file is kept';
    assert.equal(record.capture.code.detail, expected);
    const bare = await workspace.record(['--', 'true']);
    assert.equal(bare.record.capture.code.detail, 'not in a git repository: no code is kept');
  });

  it('keeps no secret of a command in a shell, nor of what it prints', async () => {
    const secret = 'Zq7hunter2Xk9abcDEF';
    workspace = new Workspace({});
    const script = `true --password ${secret}; echo 'token=${secret}' 'Set-Cookie: session=${secret}'`;
    await workspace.record(['--', 'sh', '-c', script]);
    assert.equal(workspace.allKept().includes(secret), false);
  });

  it('leaves alone what only sounds like a secret', async () => {
    workspace = new Workspace({});
    const words = [
      ...['monkey=banana', 'max_tokens=512', 'tokenizer=gpt2', 'author=Ada', 'pad_token=<pad>'],
      ...['--tokenizer', 'bert-base-uncased', `digest=sha256:${'ab12'.repeat(16)}`],
      'usage: x [--password PASSWORD] [--token TOKEN] --api-key API_KEY',
      'next token: 123e4 tokens/s 5',
    ];
    const { record } = await workspace.record(['--', 'echo', ...words]);
    assert.deepEqual(record.command.argv.slice(1), words);
    assert.deepEqual(record.redactions, []);
  });
});

describe('run folders from elsewhere', () => {
  let workspace: Workspace;
  afterEach(() => workspace.dispose());

  it('that are pipes, endless files and circles of links keep nobody from the others', async () => {
    workspace = new Workspace({});
    const { record } = await workspace.record(['--name', 'good', '--', 'true']);
    const runs = join(workspace.root, '.runrecord/runs');
    const folder = (n: number) => {
      mkdirSync(join(runs, id(n)));
      return join(runs, id(n));
    };
    symlinkSync(join(runs, id(1)), join(runs, id(1)));
    makePipe(join(folder(2), 'journal.jsonl'));
    symlinkSync('/dev/zero', join(folder(3), 'journal.jsonl'));
    mkdirSync(join(folder(4), 'journal.jsonl'));
    symlinkSync('/etc', join(runs, id(5)));
    const listed = await workspace.run(['list', '--json']);
    assert.equal(listed.code, 0, listed.stderr);
    assert.deepEqual(
      (JSON.parse(listed.stdout) as { id: string }[]).map((row) => row.id),
      [record.id],
    );
    assert.equal((await workspace.run(['show', 'good'])).code, 0);
    assert.equal((await workspace.run(['reindex'])).code, 0);
    const verified = await workspace.run(['verify', '--all', '--json']);
    assert.equal(verified.code, 1);
    const subjects = (JSON.parse(verified.stdout).problems as { subject: string }[]).map(
      (problem) => problem.subject,
    );
    for (const n of [2, 3, 4]) {
      assert.ok(
        subjects.some((subject) => subject.includes(id(n))),
        `${n} among ${subjects}`,
      );
    }
    rmSync(join(runs, id(1)));
  });

  it('cannot have a log that is a link to some other file', async () => {
    workspace = new Workspace({ private: 'of the user\n' });
    const { record } = await workspace.record(['--', 'echo', 'printed']);
    const log = join(workspace.root, '.runrecord/runs', record.id, 'output.log');
    rmSync(log);
    symlinkSync(join(workspace.root, 'private'), log);
    const { code, stdout } = await workspace.run(['log', record.id]);
    assert.equal(code, 1);
    assert.equal(stdout, '');
  });
});
