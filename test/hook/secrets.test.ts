// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolations of OmegaConf
import assert from 'node:assert/strict';
import { createRedactor } from '../../agent/core/redaction/redactor.ts';
import type { Json } from '../../agent/protocol/values.ts';
import { carried, harmless, tokens } from '../unit/redaction-cases.ts';
import { withEachPython } from './support/each-python.ts';

const texts = [
  ...tokens.map(([, token]) => `before ${token} after`),
  ...carried.map(([, text]) => text.replace(/[⟦⟧]/g, '')),
  ...harmless,
  'the value hunter22-and-more of the environment, and hunter22%2Dand%2Dmore',
  'no-break space:\u00a0password=\u00a0hunter22xyz and é ü',
];
const random = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7';
const trees: Json[] = [
  { db: { password: 'hunter22', user: 'ada', port: 5432 }, max_tokens: 512, monkey: 'banana' },
  { dbPassword: 123456, pad_token: '<pad>', api_key: '${oc.env:KEY}', hfToken: 'abcdef123' },
  { LAB_KEY: random, cache_key: random, sort_key: random, storage_key: 'plain words', PIN: '1234' },
  { tokens: ['a', 'b'], access_tokens: ['abcdef12', 'ghijkl34'], secret: ['', '/run/x', 'xyz9'] },
  {
    password: [
      'a/b/c.txt',
      '~/.pgpass',
      './x',
      '../y/z',
      'C:\\x',
      'x/../y',
      '/Ab3dE6gH9jK2mN5pQ8sT1',
    ],
  },
  { secret: ['1e5', '1.5E-3', '1E5e3', '.5', '-', '5.', '1_000', '+3', '0x1f', 'abc', '12345678'] },
  {
    auth: ['oauth-client', 'user:pass', 'abcdefgh', 'abcdefg1'],
    token: ['<x>', 'short', 'with space'],
  },
  {
    credential: [
      '$HOME',
      '%USER%',
      '{{ x }}',
      '{x}',
      '<YOUR KEY>',
      'os.environ["X"]',
      'None',
      '???',
    ],
  },
  {
    'a.my_pin': 'secret',
    A_PIN: '4711',
    nested: [{ client_secret: 'xyz-1234' }],
    author: 'xyz-1234',
  },
  { forward_pass: random, 'db.pw': random, salt: random, user_salt: random },
  { password: 'learned-value-9', text: 'then learned-value-9 is said', 'password: hunter33xx': 1 },
];
const commands = [
  ['python', 't.py', '--api-key', 'abcd1234', '--lr', '0.1', 'db.password=hunter22', '+x=1'],
  ['curl', '-u', 'ada:hunter2', '-sSu', 'ada:hunter2', '-uada:hunter2', '--user', 'ada', 'x'],
  ['/usr/bin/mysql', '-phunter2', '-p', 'x', '--password=hunter2'],
  ['docker', 'run', '-p', '8080:80', 'img'],
  ['docker', 'login', '-u', 'ada', '-p', 'hunter2'],
  ['sshpass', '-p', 'hunter2', 'ssh', 'h'],
  ['sshpass', '-phunter2', 'redis-cli', '-a', 'hunter2'],
  ['x', '--token', '--next', '--hf-token', 'abcdef123', '--password', '-x', '-v=1', '=', '--', '-'],
  ['sh', '-c', 'train --password hunter22 --api-key=abcd1234efgh'],
];

const program = `
import json, sys
from _runrecord import redaction
given = json.load(open('given.json'))
answer = {
    'texts': [redaction.redact(text) for text in given['texts']],
    'trees': [redaction.redact(tree) for tree in given['trees']],
    'commands': [redaction.redact_argv(argv) for argv in given['commands']],
}
print(json.dumps(answer))
`;

withEachPython('Secrets inside a program', ({ python, hooked }) => {
  it('are replaced as the recorder replaces them', () => {
    const environment = {
      DB_PASSWORD: 'hunter22-and-more',
      OTHER_TOKEN: 'short',
      API_KEY: '/run/secrets/key',
      OPEN: 'seen-elsewhere-1',
      SECRET_TOKEN: 'seen-elsewhere-1',
    };
    const place = hooked(
      { 'train.py': program, 'given.json': JSON.stringify({ texts, trees, commands }) },
      ['*_PIN'],
    );
    const ran = place.run([python.path, 'train.py'], environment);
    assert.equal(ran.stderr, '');
    const redactor = createRedactor({
      extraNames: ['*_PIN'],
      environment: { ...process.env, ...environment, ...place.environment },
    });
    assert.deepEqual(JSON.parse(ran.stdout), {
      texts: texts.map((text) => redactor.redactText(text, '')),
      trees: trees.map((tree) => redactor.redactTree(tree, '')),
      commands: commands.map((argv) => redactor.redactArgv(argv)),
    });
  });

  it('are not in the exception that ends it, nor in what it has started', () => {
    const place = hooked({
      'train.py': `
import os, subprocess
subprocess.run(['echo', '--password', 'pa55-word-9'])
raise ValueError('cannot log in with ' + os.environ['DB_PASSWORD'] + ' or pa55-word-9')
`,
    });
    const ran = place.run([python.path, 'train.py'], { DB_PASSWORD: 'hunter22-and-more' });
    assert.match(ran.stderr, /hunter22-and-more/);
    const said = place.files().map((name) => place.read(`.runrecord/runs/run-1/observed/${name}`));
    assert.doesNotMatch(said.join(''), /hunter22|pa55/);
    assert.match(place.of('exception')[0]?.traceback ?? '', /\[redacted: environment\] or \[redac/);
    assert.ok(place.of('redacted').some(({ where }) => where === 'failure.traceback'));
  });
});
