import assert from 'node:assert/strict';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { captureConfig } from '../../agent/capture/config.ts';
import { flattenConfig } from '../../agent/core/config/flatten.ts';
import { createRedactor } from '../../agent/core/redaction/redactor.ts';
import type { Json } from '../../agent/protocol/values.ts';
import { findConfigFile } from '../../agent/server/diagnostics/config-files.ts';
import { findUnresolvedValues } from '../../agent/server/diagnostics/config-values.ts';

/** Config trees in the shapes of public repositories, each with a launch. */
const fixtures = join(import.meta.dirname, 'fixtures/trees');

interface Launch {
  argv: string;
  /** What has to be told of it, and nothing else. */
  told: string[];
  /** Some of its leaves. */
  resolved?: Record<string, Json>;
  environment?: Record<string, string>;
}

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tree-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function open(name: string): Launch {
  cpSync(join(fixtures, name), root, { recursive: true });
  const launch = JSON.parse(readFileSync(join(root, 'launch.json'), 'utf8'));
  rmSync(join(root, 'launch.json'));
  return launch;
}

describe('A launch of a config tree tells what is wrong with it, and nothing else', () => {
  for (const name of readdirSync(fixtures)) {
    it(name, async () => {
      const { argv, told, resolved = {}, environment = {} } = open(name);
      const captured = await captureConfig({
        workspaceRoot: root,
        cwd: root,
        named: [],
        argv: argv.split(' '),
        isPython: true,
        environment,
        keepObject: () => 'sha256:0',
        redactor: createRedactor({ environment }),
      });
      const { value } = captured;
      const found = value.unresolved.map(
        ({ reason, message, path, line, column }) =>
          `${reason} ${path ?? '-'}:${line ?? '-'}:${column ?? '-'} ${message}`,
      );
      assert.deepEqual(found, told);
      const leaves = flattenConfig(value.resolved ?? {});
      for (const [key, expected] of Object.entries(resolved)) {
        assert.deepEqual(leaves.get(key), expected, key);
      }
    });
  }
});

describe('In the editor', () => {
  for (const name of readdirSync(fixtures)) {
    it(`${name} has no warning that is none`, async () => {
      const { told, environment = {} } = open(name);
      const warned: string[] = [];
      for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(?:ya?ml|json|toml|ini|cfg|env)$/.test(path)) continue;
        const text = readFileSync(join(root, path), 'utf8');
        const file = await findConfigFile(join(root, path), text, root);
        if (file === null) continue;
        const document = TextDocument.create(`file://${root}/${path}`, 'yaml', 1, text);
        const places = { path, root, environment };
        const found = await findUnresolvedValues(document, file, places);
        warned.push(
          ...found.map(({ message, range }) => `${path}:${range.start.line + 1} ${message}`),
        );
      }
      // What is open in a part may be filled by another, or by the launch.
      const real = warned.filter((line) => !/the value is missing|oc\.env/.test(line));
      if (told.length === 0) assert.deepEqual(real, []);
      else assert.notDeepEqual(real, []);
    });
  }
});

describe('A defaults list in the editor', () => {
  async function warn(files: Record<string, string>, path: string): Promise<string[]> {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const text = files[path] ?? '';
    const file = await findConfigFile(join(root, path), text, root);
    assert.ok(file);
    const document = TextDocument.create(`file://${root}/${path}`, 'yaml', 1, text);
    const places = { path: join(root, path), root, environment: {} };
    const found = await findUnresolvedValues(document, file, places);
    return found.map(
      ({ message, range: { start, end } }) =>
        `${start.line + 1}:${start.character + 1}-${end.character + 1} ${message}`,
    );
  }
  const files = {
    'train.py': 'import hydra\n',
    'conf/config.yaml':
      'defaults:\n  - _self_\n  - db: mysqll\n  - db@b: pg\n  - optional local: mine\n  - cache: redis\n  - opt: [sgd, adm]\n  - override hydra/launcher: joblib\n  - db: ???\n  - exp: null\nlr: 1\n',
    'conf/db/mysql.yaml': 'defaults:\n  - /opt: adm\n',
    'conf/db/pg.yaml': '',
    'conf/opt/sgd.yaml': '',
    'conf/exp/x.yaml': '',
  };

  it('names the entry that no file can be meant by, and what there is', async () => {
    assert.deepEqual(await warn(files, 'conf/config.yaml'), [
      '3:9-15 There is no config db/mysqll; there are mysql, pg',
      '7:10-20 There is no config opt/adm; there are sgd',
    ]);
    assert.deepEqual(await warn(files, 'conf/db/mysql.yaml'), [
      '2:11-14 There is no config opt/adm; there are sgd',
    ]);
  });

  it('is quiet where a script makes configs in code', async () => {
    const script = 'from conf.store import register\n';
    const store = { 'train.py': script, 'conf/store.py': 'import hydra_zen\n' };
    assert.deepEqual(await warn({ ...files, ...store }, 'conf/config.yaml'), []);
  });
});
