import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
