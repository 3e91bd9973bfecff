import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { composeHydra } from '../../agent/core/config/hydra-compose.ts';
import { readHydraCommand } from '../../agent/core/config/hydra-words.ts';
import { toJson } from '../../agent/core/config/node.ts';
import { parseConfig } from '../../agent/core/config/parse-config.ts';
import { resolveConfig } from '../../agent/core/config/resolve-config.ts';

interface App {
  files: Record<string, string>;
  overrides: string[][];
  base?: string;
}
/** What Hydra itself made of an app: see test/support/hydra-golden.py. */
type Result = { config: unknown } | { unresolved: unknown } | { refused: string };
interface Case {
  files: Record<string, string>;
  overrides: string[];
  base: string;
  result: Result;
}
const folder = join(import.meta.dirname, 'fixtures/hydra');
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const apps: Record<string, App> = read('apps.json');
const golden: Record<string, Result[]> = read('golden.json');
const random: Case[] = read('random.json');

/** As in the processes that made the golden files. */
const variables: Record<string, string> = { RR_SET: 'here', RR_NUM: '12', RR_OPT: 'x' };

async function compose(
  files: Record<string, string>,
  argv: string[],
  { multirun = false, legacy = false } = {},
) {
  const { words, refused } = readHydraCommand(argv, 0);
  const environment = (name: string) => variables[name];
  const options = { configName: 'config', words, multirun, legacy, environment };
  const composed = await composeHydra(options, {
    async load(path) {
      const text = files[posix.normalize(path).replace(/\.yaml$/, '')];
      return text === undefined ? null : parseConfig(text, 'omegaconf', `${path}.yaml`);
    },
    groupExists: (group) => Object.keys(files).some((path) => path.startsWith(`${group}/`)),
    listOptions: (group) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${group}/`))
        .map((path) => path.slice(group.length + 1))
        .filter((name) => !name.includes('/'))
        .sort(),
  });
  const resolved = await resolveConfig({
    roots: [composed.root],
    overrides: [],
    dialect: 'omegaconf',
    interpolations: true,
    environment,
  });
  const problems = [
    ...refused.map(({ text, message }) => `${text}: ${message}`),
    ...composed.gaps.map(({ message }) => message),
    ...composed.unresolved.map(({ message }) => message ?? ''),
  ];
  return { composed, resolved, problems };
}

async function isAsHydraHasIt({ files, overrides, base, result }: Case): Promise<void> {
  const { composed, resolved, problems } = await compose(files, overrides, {
    legacy: base === '1.1',
  });
  if ('refused' in result) {
    const all = [...problems, ...resolved.unresolved];
    assert.notDeepEqual(all, [], `Hydra says: ${result.refused}`);
    return;
  }
  assert.deepEqual(problems, []);
  const told = resolved.unresolved.filter(({ reason }) => /interpolation|environment/.test(reason));
  if ('config' in result) {
    assert.deepEqual(told, []);
    assert.deepEqual(resolved.resolved, result.config);
  } else {
    assert.deepEqual(toJson(composed.root), result.unresolved);
    assert.notDeepEqual(told, [], 'Hydra resolves one of the interpolations to nothing');
  }
}

describe('A Hydra app is composed as Hydra 1.3.8 composes it', () => {
  for (const [name, { files, overrides, base = '1.3' }] of Object.entries(apps)) {
    for (const [i, argv] of overrides.entries()) {
      it(`${name}: ${argv.join(' ') || 'as it is'}`, async () => {
        const result = golden[name]?.[i];
        assert.ok(result);
        await isAsHydraHasIt({ files, overrides: argv, base, result });
      });
    }
  }

  for (const [i, one] of random.entries()) {
    it(`random app ${i + 1}: ${one.overrides.join(' ') || 'as it is'}`, () => isAsHydraHasIt(one));
  }
});

describe('What cannot be composed is said and not guessed', () => {
  const gapsOf = async (files: Record<string, string>, argv: string[] = []) =>
    (await compose(files, argv)).problems;

  it('an option that no file holds', async () => {
    assert.deepEqual(await gapsOf({ config: 'defaults:\n  - db: mysql\n' }), [
      'config: there is no config db/mysql',
    ]);
  });

  it('configs that include each other', async () => {
    const files = { config: 'defaults:\n  - a\n', a: 'defaults:\n  - config\n' };
    assert.deepEqual(await gapsOf(files), ['config includes itself: take one of the two out']);
  });

  it('a list that is none', async () => {
    assert.deepEqual(await gapsOf({ config: 'defaults: yes\nx: 1\n' }), [
      'config: `defaults` must be a list',
    ]);
  });

  it('a choice that has to be made', async () => {
    const files = { config: 'defaults:\n  - db: ???\n', 'db/pg': 'p: 1\n' };
    const { composed } = await compose(files, []);
    assert.equal(composed.unresolved[0]?.reason, 'missing-value');
    assert.deepEqual((await compose(files, ['db=pg'])).resolved.resolved, { db: { p: 1 } });
  });
});
