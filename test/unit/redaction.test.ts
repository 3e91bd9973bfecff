// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolations of OmegaConf
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createRedactor } from '../../agent/core/redaction/redactor.ts';
import { judgeName } from '../../agent/core/redaction/secret-name.ts';
import { secretRules } from '../../agent/core/redaction/secret-rules.ts';
import { carried, commands, harmless, tokens, valuesByName } from './redaction-cases.ts';

/** A case as the text that is given, and as it may be kept. */
function unmark(marked: string, rule: string): { text: string; safe: string } {
  return {
    text: marked.replace(/[⟦⟧]/g, ''),
    safe: marked.replace(/⟦[^⟧]*⟧/, `[redacted: ${rule}]`),
  };
}

describe('Credentials are known by their form', () => {
  for (const [rule, secret] of tokens) {
    it(`${rule}: ${secret.slice(0, 12)}`, () => {
      const redactor = createRedactor();
      const text = redactor.redactText(`before ${secret} after`, 'log');
      assert.equal(text, `before [redacted: ${rule}] after`);
      assert.deepEqual(redactor.found(), [{ where: 'log', rule }]);
      for (const around of ['"', "'", '(', '=', ':', ',', '[', '-', '_']) {
        const inside = redactor.redactText(`x${around}${secret}${around}`, 'log');
        assert.ok(!inside.includes(secret.slice(-8)), inside);
      }
    });
  }

  it('or by what they stand in', () => {
    for (const [rule, marked] of carried) {
      const { text, safe } = unmark(marked, rule);
      assert.equal(createRedactor().redactText(text, 'log'), safe);
    }
  });

  it('and what is none stays', () => {
    for (const text of harmless) assert.equal(createRedactor().redactText(text, 'x'), text);
  });

  it('every pattern holds its literal and begins no second time in what it left', () => {
    const redactor = createRedactor();
    for (const [, secret] of tokens) {
      const once = redactor.redactText(`x=${secret} token=${secret}`, 'x');
      assert.equal(redactor.redactText(once, 'x'), once);
    }
    for (const { pattern } of secretRules) assert.doesNotThrow(() => new RegExp(pattern, 'g'));
  });
});

function samples(): { texts: string[] } {
  const texts = [
    ...tokens.flatMap(([, token]) => [
      `before ${token} after`,
      `file-${token}.txt`,
      `a_b-c_${token}`,
    ]),
    ...carried.map(([rule, marked]) => unmark(marked, rule).text),
    ...harmless,
    'DB_PASSWORD=hunter2 password: None max_tokens=100 é',
  ];
  return { texts };
}

/** The keeper itself, told the rules as a launch tells them. */
const keeper = `
import json, sys
sys.path.insert(0, sys.argv[1])
from keeping.redaction import Redactor
given = json.load(sys.stdin)
rules = [tuple(rule[name].encode() for name in ('rule', 'literal', 'pattern')) for rule in given['rules']]
redactor = Redactor([], rules)
json.dump([redactor.redact(text.encode()).decode() for text in given['texts']], sys.stdout)
`;

describe('The rules mean the same in the keeper', () => {
  const { texts } = samples();
  const inKeeper = (given: string[]): string[] => {
    const { stdout, stderr } = spawnSync(
      process.env.RUNRECORD_TEST_PYTHON || 'python3',
      ['-c', keeper, join(import.meta.dirname, '../../agent/python')],
      { input: JSON.stringify({ texts: given, rules: secretRules }), encoding: 'utf8' },
    );
    assert.equal(stderr, '');
    return JSON.parse(stdout) as string[];
  };

  it('over bytes, text by text and all in one', () => {
    const { redactText } = createRedactor();
    assert.deepEqual(
      inKeeper(texts),
      texts.map((text) => redactText(text, 'log')),
    );
    const all = texts.join('\n');
    assert.deepEqual(inKeeper([all]), [redactText(all, 'log')]);
  });

  it('and each that it asks where a long word begins has one to match', () => {
    const word = '(?<![0-9A-Za-z])';
    const asked = secretRules.filter(({ literal, pattern }) => pattern.startsWith(word + literal));
    const known = tokens.map(([, token]) => token);
    assert.ok(asked.length > 60);
    for (const { literal } of asked) {
      for (const token of known.filter((one) => one.startsWith(literal))) {
        assert.ok((/^[A-Za-z0-9_-]+/.exec(token)?.[0].length ?? 0) >= 20, token);
      }
    }
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

  it('in the words that only the program tells to be a password', () => {
    const kept = commands.map((argv) => createRedactor().redactArgv(argv).join(' '));
    const safe = kept.filter((line) => line.includes('[redacted: command-password]'));
    assert.equal(safe.length, commands.length - 4);
    assert.ok(
      kept.every((line) => !/hunter2/.test(line)),
      kept.join('\n'),
    );
  });

  it('by chance, where the name may be a secret’s', () => {
    const redactor = createRedactor({ extraNames: ['*_PIN'] });
    for (const [name, value] of valuesByName) {
      const isSecret = /^(?:LAB|depot|db)/.test(name) && /[A-Z]/.test(value);
      const found = redactor.judge(name, value);
      assert.equal(found === 'entropy', isSecret, `${name}=${value}: ${found}`);
    }
  });

  it('and then wherever the value stands, if it is no word', () => {
    const redactor = createRedactor();
    redactor.redactTree(
      { password: 'hunter2-of-ada', token: 'tokenizer', secret: 'banana split' },
      'c',
    );
    const text = 'cannot log in with hunter2-of-ada: tokenizer, banana split';
    assert.equal(
      redactor.redactText(text, 'log'),
      'cannot log in with [redacted: password]: tokenizer, banana split',
    );
    assert.deepEqual(redactor.learnedSecrets(), [{ rule: 'password', value: 'hunter2-of-ada' }]);
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
