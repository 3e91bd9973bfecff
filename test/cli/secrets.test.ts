import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Workspace } from '../support/workspace.ts';

// Written apart, so that no scanner of this repository takes them for real.
const mixed = (length: number, seed: string) =>
  `${seed}aB3dE6gH9jK2mN5pQ8sT1vW4yZ7`.repeat(8).slice(0, length);
const secrets = {
  variable: mixed(24, 'v1'),
  named: '48151623',
  flag: mixed(20, 'f2'),
  override: 'hunter2-override',
  curl: 'hunter2-curl',
  config: 'hunter2-config',
  block: 'hunter2 of the block',
  list: mixed(22, 'l3'),
  remote: 'hunter2-remote',
  dotenv: 'hunter2-dotenv',
  log: `ghp_${mixed(36, 'g4')}`,
  bearer: mixed(30, 'b5'),
  key: `-----BEGIN RSA PRIVATE KEY-----\n${`${mixed(64, 'k6')}\n`.repeat(3)}-----END RSA PRIVATE KEY-----`,
  trace: `postgresql://ada:${'hunter2-trace'}@db/x`,
  metric: `hf_${mixed(34, 'm7')}`,
  note: `glpat-${mixed(20, 'n8')}`,
  custom: 'hunter2-custom',
  tag: 'hunter2-tag',
  reason: `AKIA${'IOSFODNN7EXAMPLE'}`,
  branch: `npm_${mixed(36, 'r9')}`,
  output: `dapi${'0a1b2c3d4e5f60718293a4b5c6d7e8f9'}`,
  untracked: `sk-ant-${mixed(40, 'u0')}`,
  script: mixed(40, 's1'),
  settings: 'hunter2-settings',
  fileName: `gsk_${mixed(52, 'x2')}`,
};

const program = `
import json, os, sys
import untracked_helper
env = dict(line.strip().split('=', 1) for line in open('.env'))
print('loaded', env['SERVICE_PASSWORD'], 'and', os.environ['LAB_TOKEN'], 'pin', os.environ['DOOR_PIN'])
print('cloning with', ${JSON.stringify(secrets.log)})
print('Authorization: Bearer', ${JSON.stringify(secrets.bearer)}, file=sys.stderr)
print(${JSON.stringify(secrets.key)})
print('configured', json.load(open('conf.json'))['db']['password'], sys.argv)
os.makedirs('out', exist_ok=True)
open('out/${secrets.output}.txt', 'w').write('x')
events = open(os.environ['RUNRECORD_EVENTS'], 'a')
for event in [
    {'type': 'metric', 'name': 'acc ' + ${JSON.stringify(secrets.metric)}, 'value': 1},
    {'type': 'note', 'text': 'pushed with ' + ${JSON.stringify(secrets.note)}},
    {'type': 'custom', 'key': 'lab.password', 'value': ${JSON.stringify(secrets.custom)}},
    {'type': 'config', 'values': {'db': {'password': ${JSON.stringify(secrets.config)}}, 'lr': 0.1}},
    {'type': 'output', 'path': 'out/${secrets.output}.txt'},
]:
    events.write(json.dumps(event) + '\\n')
events.close()
harmless = ['monkey=banana', 'max_tokens=512', '3f786850e387550fdab836ed7e6dc881de23001b',
            'sha256:' + 'ab' * 32, '019a8f0e-7a54-7c3e-9d51-0b6f3a2c9e11', 'meta-llama/Llama-3.1-8B']
print('\\n'.join(harmless))
raise ConnectionError('cannot reach ' + ${JSON.stringify(secrets.trace)})
`;

describe('secrets that are planted everywhere', function () {
  this.timeout(60_000);
  let workspace: Workspace;
  afterEach(() => workspace.dispose());

  async function record() {
    workspace = new Workspace({
      'train.py': program,
      'conf.yaml': `lr: 0.1\ndb:\n  password: ${secrets.config}\n  users:\n    - {token: ${secrets.list}}\n`,
      'conf.json': JSON.stringify({ db: { password: secrets.config } }),
      'block.yaml': `client_secret: |\n  ${secrets.block}\nwidth: 3\n`,
      'runrecord.yaml': 'version: 1\nredact: ["*_PIN"]\n',
      '.gitignore': '.env\n',
    });
    workspace.git('checkout', '--quiet', '-b', `try/${secrets.branch}`);
    workspace.git('remote', 'add', 'origin', `https://ada:${secrets.remote}@git.example/x.git`);
    workspace.write('.env', `SERVICE_PASSWORD=${secrets.dotenv}\nOPEN=1\n`);
    workspace.write('untracked_helper.py', `KEY = '${secrets.untracked}'\n`);
    workspace.write('scratch.py', `api_key = "${secrets.script}"\n`);
    workspace.write('local.yaml', `db:\n  password: >-\n    ${secrets.settings}\n`);
    workspace.write(`notes-${secrets.fileName}.txt`, 'harmless\n');
    const launched = await workspace.record(
      [
        ...['--config', 'conf.yaml', '--config', 'block.yaml', '--tag', `password=${secrets.tag}`],
        ...['--reason', `is ${secrets.reason} still good?`, '--', 'python3', 'train.py'],
        ...['--api-key', secrets.flag, `db.password=${secrets.override}`, 'monkey=banana'],
        ...['max_tokens=512', `--hook=curl -u ada:${secrets.curl} https://git.example/x`],
      ],
      { env: { LAB_TOKEN: secrets.variable, DOOR_PIN: secrets.named } },
    );
    return launched;
  }

  it('are nowhere under .runrecord/, nor in what the snapshots add to the repository', async () => {
    const { record: run, stdout } = await record();
    assert.equal(run.lifecycle.failure?.kind, 'exception');
    // What the user sees is the program's own.
    assert.ok(stdout.includes(secrets.log));
    await workspace.run(['note', run.id, `found ${secrets.note}`]);
    await workspace.run(['reindex']);
    const kept = `${workspace.allKept()}\n${addedObjects(workspace)}`;
    for (const [place, secret] of Object.entries(secrets)) {
      for (const line of secret.split('\n').filter((text) => !text.startsWith('-----'))) {
        assert.ok(!kept.includes(line), `${place}: ${line} is kept`);
      }
    }
  });

  it('are told, each with its place and rule, and what only looks like one stays', async () => {
    const { record: run } = await record();
    const told = run.redactions.map(({ where, rule }) => `${where} ${rule}`);
    for (const wanted of [
      /^command\.argv\[\d\] key$/,
      /^command\.argv\[\d\] password$/,
      /^command\.argv\[\d\] command-password$/,
      /^config\..*db\.password.* password$/,
      /^config\..*client_secret.* secret$/,
      /^intent\.tags\.password password$/,
      /^intent\.reason aws-key$/,
      /^code\.branch npm-token$/,
      /^output\.log environment$/,
      /^output\.log github-token$/,
      /^output\.log private-key$/,
      /^(?:output\.log|lifecycle\.failure) url-credentials$/,
      /^events\.jsonl huggingface-token$/,
      /databricks-token$/,
      /groq-key$/,
    ]) {
      assert.ok(
        told.some((line) => wanted.test(line)),
        `${wanted} in\n${told.join('\n')}`,
      );
    }
    assert.equal(run.code.remote, 'https://git.example/x.git');
    const left = run.code.leftOut.filter(({ reason }) => reason === 'secret');
    assert.deepEqual(left.map(({ path }) => path).sort(), [
      'local.yaml',
      'notes-[redacted: groq-key].txt',
      'scratch.py',
      'untracked_helper.py',
    ]);
    const log = workspace.read(`.runrecord/runs/${run.id}/output.log`);
    for (const text of [
      'monkey=banana',
      'max_tokens=512',
      '3f786850e387550fdab836ed7e6dc881de23001b',
      `sha256:${'ab'.repeat(32)}`,
      '019a8f0e-7a54-7c3e-9d51-0b6f3a2c9e11',
      'meta-llama/Llama-3.1-8B',
    ]) {
      assert.ok(log.includes(text), text);
    }
    assert.ok(run.command.argv.includes('monkey=banana'));
    assert.ok(run.command.argv.includes('max_tokens=512'));
    assert.equal((await workspace.run(['verify', run.id])).code, 0);
  });
});

/** All that refs/runrecord reach and no commit of the user's does. */
function addedObjects(workspace: Workspace): string {
  const list = workspace.git(
    'rev-list',
    '--objects',
    '--glob=refs/runrecord',
    '--not',
    '--branches',
  );
  const ids = list.split('\n').map((line) => line.split(' ')[0] ?? '');
  const content = execFileSync('git', ['cat-file', '--batch'], {
    cwd: workspace.root,
    input: `${ids.filter((id) => id !== '').join('\n')}\n`,
    encoding: 'latin1',
  });
  return `${list}\n${content}`;
}
