// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolations of OmegaConf
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRedactor } from '../../agent/core/redaction/redactor.ts';
import { judgeName } from '../../agent/core/redaction/secret-name.ts';
import { secretRules } from '../../agent/core/redaction/secret-rules.ts';

// Written apart, so that no scanner of this repository takes them for real.
const credentials: Record<string, string> = {
  'aws-key': `AKIA${'IOSFODNN7EXAMPLE'}`,
  'github-token': `ghp_${'a1B2'.repeat(9)}`,
  'gitlab-token': `glpat-${'a1B2c'.repeat(4)}`,
  'slack-token': `xoxb-${'123456789012'}-abcdef`,
  'huggingface-token': `hf_${'AbCd'.repeat(8)}xy`,
  'openai-key': `sk-${'a1B2'.repeat(12)}`,
  'anthropic-key': `sk-ant-${'api03-aB1_'.repeat(4)}`,
  'google-key': `AIza${'SyA1b_'.repeat(5)}abcde`,
  'npm-token': `npm_${'a1B2'.repeat(9)}`,
  'pypi-token': `pypi-${'AgEIcHlwaS5vcmc'.repeat(3)}`,
  jwt: `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJ${'zdWIiOiIxMjM0In0'}.${'SflKxwRJSMeKKF2Q'}`,
  'private-key': `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEow\n'.repeat(3)}-----END RSA PRIVATE KEY-----`,
};

describe('Credentials are known by their form', () => {
  for (const [rule, secret] of Object.entries(credentials)) {
    it(rule, () => {
      const redactor = createRedactor();
      const text = redactor.redactText(`before ${secret} after`, 'log');
      assert.equal(text, `before [redacted: ${rule}] after`);
      assert.deepEqual(redactor.found(), [{ where: 'log', rule }]);
    });
  }

  it('in addresses and headers', () => {
    const { redactText } = createRedactor();
    for (const [text, wanted] of [
      ['postgresql://ada:s3cret@db/x', 'postgresql://ada:[redacted: url-credentials]@db/x'],
      ['https://a:p@ss@host/x', 'https://a:[redacted: url-credentials]@host/x'],
      [
        `https://${'t0ken'.repeat(5)}@git.example/x`,
        'https://[redacted: url-credentials]@git.example/x',
      ],
      ['Authorization: Bearer abc.def-123', 'Authorization: Bearer [redacted: authorization]'],
      ['x?access_token=abcdef123&b=1', 'x?access_token=[redacted: url-token]&b=1'],
      ['password=hunter2 next', 'password=[redacted: password] next'],
      ['{"api_key": "abc123"}', '{"api_key": "[redacted: key]"}'],
    ] as const) {
      assert.equal(redactText(text, 'x'), wanted);
    }
  });

  it('and what is none stays', () => {
    const { redactText } = createRedactor();
    for (const text of [
      '3f786850e387550fdab836ed7e6dc881de23001b',
      `sha256:${'ab'.repeat(32)}`,
      '019a8f0e-7a54-7c3e-9d51-0b6f3a2c9e11',
      'git@github.com:lab/x.git',
      'https://ada@example.org/x',
      'docker://python:3.11@sha256:abc',
      'http://host:8080/path@2x.png',
      'max_tokens=100 n_tokens: 5 loss=0.25 token 5 of 7',
      'task-learning-rate-scheduler-warmup',
      'password: None, secret: null, token: 5',
      'from the secretary of state',
      'hf_hub_download_and_something_else',
    ]) {
      assert.equal(redactText(text, 'x'), text);
    }
  });

  it('every pattern holds its literal and begins no second time in what it left', () => {
    const redactor = createRedactor();
    for (const secret of Object.values(credentials)) {
      const once = redactor.redactText(`x=${secret} token=${secret}`, 'x');
      assert.equal(redactor.redactText(once, 'x'), once);
    }
    for (const { pattern } of secretRules) assert.doesNotThrow(() => new RegExp(pattern, 'g'));
  });
});

/** The keeper's way: bytes, Python's `re`, the group replaced where there is one. */
const python = `
import json, re, sys
given = json.load(sys.stdin)
text = given['text'].encode()
for rule in given['rules']:
    if rule['literal'].encode() not in text:
        continue
    def mark(match, name=rule['rule'].encode()):
        begin = match.start(match.re.groups)
        return match.group()[:begin - match.start()] + b'[redacted: ' + name + b']'
    text = re.sub(rule['pattern'].encode(), mark, text)
sys.stdout.buffer.write(text)
`;

describe('The rules mean the same in Python', () => {
  it('over bytes', () => {
    const lines = [
      ...Object.values(credentials),
      'postgresql://ada:s3cret@db/x and https://a:p@ss@host/x',
      'Authorization: Bearer abc.def-123',
      'DB_PASSWORD=hunter2 password: None max_tokens=100 é',
      '{"api_key": "abc123", "client_secret": "x-y-z-1"}',
    ];
    const text = lines.join('\n');
    const { stdout, stderr } = spawnSync(
      process.env.RUNRECORD_TEST_PYTHON || 'python3',
      ['-c', python],
      { input: JSON.stringify({ text, rules: secretRules }), encoding: 'utf8' },
    );
    assert.equal(stdout, createRedactor().redactText(text, 'log'), stderr);
  });
});

describe('Secrets are known by the name they stand under', () => {
  it('password, token, key, secret, credential, in any spelling', () => {
    const secret =
      'password db_password PASSWD PGPASSWORD secret clientSecret client_secret SECRET_KEY AWS_SECRET_ACCESS_KEY token HF_TOKEN hub_token authToken access_tokens api_key apiKey apikey OPENAI_API_KEY WANDB_KEY private_key access-key credential credentials auth DB_PASS cookie';
    for (const name of secret.split(' ')) assert.notEqual(judgeName(name), null, name);
  });

  it('and not by words that look alike', () => {
    const open =
      'max_tokens tokens num_tokens tokenizer tokenizer_name token_dim pad_token_id eos_token bos_token pad_token mask_token cls_token monkey keyboard key keys sort_key primary_key author authors secretary pass forward_pass passes bypass compass password_file token_path secret_name tokenizers_parallelism SSH_AUTH_SOCK XAUTHORITY KRB5CCNAME api_key_env credentials_directory key_dim num_keys attention_key author_email token_type hidden_size token_length access image_token';
    for (const name of open.split(' ')) assert.equal(judgeName(name), null, name);
  });

  it('in a tree, whatever its value is, but no path, switch, reference or placeholder', () => {
    const redactor = createRedactor({ extraNames: ['*_PIN'] });
    const tree = {
      db: { password: 'x', port: 5432, passwd: 12345678 },
      api_key: 'abcdef',
      token: '${oc.env:TOKEN}',
      hf_token: true,
      private_key: '/home/ada/.ssh/id_rsa',
      auth: 'basic',
      secret: '???',
      access_key: '<YOUR_KEY>',
      CARD_PIN: 1234,
      tokenizer: 'bert-base',
      list: [{ token: 'abc123xyz' }],
    };
    assert.deepEqual(redactor.redactTree(tree, 'config.resolved'), {
      ...tree,
      db: { password: '[redacted: password]', port: 5432, passwd: '[redacted: password]' },
      api_key: '[redacted: key]',
      CARD_PIN: '[redacted: named]',
      list: [{ token: '[redacted: token]' }],
    });
    assert.ok(redactor.found().some(({ where }) => where === 'config.resolved.list[0].token'));
  });

  it('in a command line', () => {
    const words =
      'python train.py --token abc12345 --api-key=abcdef PASSWORD=x db.password=y --max_tokens 100 --pad_token <pad> monkey=banana --tokenizer gpt2-medium --password --lr 0.1 https://a:b@c/d';
    const redactor = createRedactor();
    assert.equal(
      redactor.redactArgv(words.split(' ')).join(' '),
      'python train.py --token [redacted: token] --api-key=[redacted: key] PASSWORD=[redacted: password] db.password=[redacted: password] --max_tokens 100 --pad_token <pad> monkey=banana --tokenizer gpt2-medium --password --lr 0.1 https://a:[redacted: url-credentials]@c/d',
    );
    assert.deepEqual(redactor.found()[0], { where: 'command.argv[3]', rule: 'token' });
  });
});

describe('Secrets of the environment are replaced wherever they stand', () => {
  const environment = {
    SERVICE_TOKEN: 'ab"cd/ef+gh',
    DB_PASSWORD: 'longer-ab"cd/ef+gh',
    API_SECRET: 'true',
    AUTH_TOKEN: '/run/secrets/token',
    SOME_KEY: 'visible-value',
    SHORT_PASSWORD: 'abc',
    NAME_PASSWORD: 'visible',
    USER: 'visible',
    PLAIN: 'open',
  };

  it('in text, in JSON, in addresses and in bytes', () => {
    const redactor = createRedactor({ environment });
    const secret = environment.SERVICE_TOKEN;
    const mark = '[redacted: environment]';
    assert.equal(redactor.redactText(`x${secret}y`, 'log'), `x${mark}y`);
    assert.equal(redactor.redactText(JSON.stringify({ a: secret }), 'log'), `{"a":"${mark}"}`);
    assert.equal(redactor.redactText(`q=${encodeURIComponent(secret)}`, 'log'), `q=${mark}`);
    assert.equal(redactor.redactText(environment.DB_PASSWORD, 'log'), mark);
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0x00]),
      Buffer.from(secret),
      Buffer.from([0xfe]),
    ]);
    const clean = Buffer.from(redactor.redactBytes(bytes, 'object'));
    assert.deepEqual(
      clean,
      Buffer.concat([Buffer.from([0xff, 0]), Buffer.from(mark), Buffer.from([0xfe])]),
    );
  });

  it('but not what is short, trivial, a path, or said openly by another variable', () => {
    const redactor = createRedactor({ environment });
    const text = 'true abc visible visible-value /run/secrets/token open';
    assert.equal(redactor.redactText(text, 'log'), text);
    assert.ok(redactor.literalSecrets().every((secret) => secret.includes('ab')));
  });

  it('and bytes without any come back as they are', () => {
    const bytes = Buffer.from('nothing here');
    assert.equal(createRedactor({ environment }).redactBytes(bytes, 'object'), bytes);
  });

  it('with characters beyond ASCII', () => {
    const redactor = createRedactor({ environment: { MY_PASSWORD: 'pässwörter' } });
    const bytes = redactor.redactBytes(Buffer.from('x pässwörter y'), 'object');
    assert.equal(Buffer.from(bytes).toString(), 'x [redacted: environment] y');
  });
});

describe('Redaction needs linear time', () => {
  // A pattern that backtracks would take hours on these; the runner's limit would stop it.
  const lines = [
    'a',
    '://',
    'eyJ',
    'eyJaaaaaaaa.',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\nAAAA\n',
    'a_',
    'password ',
    'http://a:',
    'Bearer ',
    'Authorization: ',
    'sk-ant-',
    'api-key',
    '://@',
    'token=',
    'secret_',
    ' ',
    '"',
  ];
  for (const line of lines) {
    it(JSON.stringify(line), () => {
      const text = `password=${line.repeat(1_000_000 / line.length)}secret: @ token`;
      createRedactor().redactText(text, 'log');
    });
  }
});
