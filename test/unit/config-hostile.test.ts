// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolations of OmegaConf
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { captureConfig } from '../../agent/capture/config.ts';
import { matchesGlob } from '../../agent/core/config/match-glob.ts';
import { parseConfig } from '../../agent/core/config/parse-config.ts';
import { createRedactor } from '../../agent/core/redaction/redactor.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'hostile-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function launch(files: Record<string, string>, words: string) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const { value } = await captureConfig({
    workspaceRoot: root,
    cwd: root,
    named: [],
    argv: words.split(' '),
    isPython: true,
    environment: {},
    keepObject: () => 'sha256:0',
    redactor: createRedactor({ environment: {} }),
  });
  return value;
}

const main =
  'import hydra\n\n@hydra.main(version_base=None, config_path="conf", config_name="config")\ndef main(c): ...\n';

/** Each of these would keep a launch waiting for hours if it were followed to its end. */
describe('Configs that are made to keep a launch waiting do not', () => {
  it('a defaults list that doubles with each level', async () => {
    const files: Record<string, string> = {
      'train.py': main,
      'conf/config.yaml': 'defaults:\n  - g0: x\n',
    };
    for (let i = 0; i < 40; i++) {
      files[`conf/g${i}/x.yaml`] = `defaults:\n  - /g${i + 1}@a: x\n  - /g${i + 1}@b: x\n`;
    }
    files['conf/g40/x.yaml'] = 'v: 1\n';
    const { unresolved } = await launch(files, 'python train.py');
    assert.ok(unresolved.some(({ message }) => message === 'the defaults list has no end'));
  });

  it('bases that double with each level', async () => {
    const files: Record<string, string> = { 't.py': '' };
    for (let i = 0; i < 18; i++) {
      files[`a${i}.yaml`] = `_BASE_: [a${i + 1}.yaml, b${i + 1}.yaml]\n`;
      files[`b${i}.yaml`] = `_BASE_: [a${i + 1}.yaml, b${i + 1}.yaml]\n`;
    }
    files['a18.yaml'] = 'v: 1\n';
    files['b18.yaml'] = 'w: 1\n';
    const { resolved } = await launch(files, 'python t.py --config a0.yaml');
    assert.deepEqual(resolved, { v: 1, w: 1 });
  });

  it('a script of calls that never close, and of names that are looked up', async () => {
    const script = `import yaml\n${'open(x, '.repeat(60_000)}\n${'yaml.safe_load(open(path))\n'.repeat(20_000)}`;
    await launch({ 't.py': script, 'c.yaml': 'a: 1\n' }, 'python t.py --config c.yaml');
  });

  it('a script of quotes and backslashes', async () => {
    const script = `from omegaconf import OmegaConf\n${'"""\\\\'.repeat(50_000)}\n${"'".repeat(50_001)}`;
    await launch({ 't.py': script, 'c.yaml': 'a: 1\n' }, 'python t.py --config c.yaml');
  });

  it('a word of signs, of brackets and of spaces', async () => {
    const files = { 'train.py': main, 'conf/config.yaml': 'a: 1\n' };
    for (const value of [
      '['.repeat(60_000),
      '\\'.repeat(60_000),
      '1,'.repeat(30_000),
      '{a:'.repeat(20_000),
    ]) {
      const { unresolved } = await launch(files, `python train.py a=${value}`);
      assert.ok(unresolved.length <= 1);
    }
  });

  it('a pattern of stars', () => {
    assert.equal(matchesGlob('a'.repeat(5_000), `${'*a'.repeat(2_000)}b`), false);
    assert.ok(matchesGlob('model_12', 'model_[0-9][!a]'));
    assert.ok(matchesGlob('x', '*?*'));
    assert.ok(!matchesGlob('', '?'));
  });

  it('lines of variables and properties with no end', async () => {
    for (const text of [
      'A="\n'.repeat(50_000),
      `A=${'x#'.repeat(100_000)}\n`,
      `A='${'\\'.repeat(100_000)}`,
    ]) {
      await parseConfig(text, 'dotenv', '.env');
    }
    for (const text of ['a\\'.repeat(50_000), `k${' '.repeat(100_000)}=v`, 'a:'.repeat(100_000)]) {
      await parseConfig(text, 'properties', 'x.properties');
    }
    await parseConfig(`[a]\nx = ${'%(x)s'.repeat(10_000)}\n`, 'ini', 'x.ini');
  });

  it('ten thousand references to nothing', async () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `k${i}: \${none.of.${i}}`);
    const script = 'from omegaconf import OmegaConf\n';
    const { unresolved } = await launch(
      { 't.py': script, 'c.yaml': lines.join('\n') },
      'python t.py --config c.yaml',
    );
    assert.equal(unresolved.length, 10_000);
  });
});

describe('Names that are made to be taken for something else are keys like any other', () => {
  it('__proto__ and constructor', async () => {
    const files = {
      'train.py': main,
      'conf/config.yaml':
        'defaults:\n  - constructor: __proto__\n  - _self_\n__proto__: {a: 1}\nb: ${__proto__.a}\n',
      'conf/constructor/__proto__.yaml': 'toString: 1\n',
    };
    const { resolved, unresolved } = await launch(
      files,
      'python train.py ++hasOwnProperty=1 +x.__proto__.y=2',
    );
    assert.deepEqual(unresolved, []);
    assert.deepEqual(Object.keys(resolved ?? {}), [
      'constructor',
      '__proto__',
      'b',
      'hasOwnProperty',
      'x',
    ]);
    assert.equal(resolved?.b, 1);
    assert.equal(({} as Record<string, unknown>).y, undefined);
  });
});
