import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeHydra } from '../../agent/core/config/hydra-compose.ts';
import { recogniseOverrides } from '../../agent/core/config/overrides.ts';
import { parseConfig } from '../../agent/core/config/parse-config.ts';
import { resolveConfig } from '../../agent/core/config/resolve-config.ts';

interface App {
  files: Record<string, string>;
  overrides: string[][];
}
const folder = join(import.meta.dirname, 'fixtures/hydra');
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const apps: Record<string, App> = read('apps.json');
const golden: Record<string, unknown[]> = read('golden.json');

async function compose(files: Record<string, string>, argv: string[]) {
  const context = { from: 0, root: null, hydra: true, taken: new Set<number>() };
  const overrides = recogniseOverrides(argv, context);
  const composed = await composeHydra('config', overrides, {
    async load(path) {
      const text = files[path];
      return text === undefined ? null : parseConfig(text, 'omegaconf', `${path}.yaml`);
    },
    groupExists: (group) => Object.keys(files).some((path) => path.startsWith(`${group}/`)),
  });
  const resolved = await resolveConfig({
    roots: [composed.root],
    overrides: composed.overrides,
    dialect: 'omegaconf',
    hydra: true,
    interpolations: true,
    environment: () => undefined,
  });
  return { composed, resolved };
}

describe('A Hydra app is composed as Hydra 1.3.8 composes it', () => {
  for (const [name, app] of Object.entries(apps)) {
    for (const [i, argv] of app.overrides.entries()) {
      it(`${name}: ${argv.join(' ') || 'as it is'}`, async () => {
        const { composed, resolved } = await compose(app.files, argv);
        assert.deepEqual(composed.gaps, []);
        assert.deepEqual(resolved.resolved, golden[name]?.[i]);
      });
    }
  }
});

describe('What cannot be composed is said and not guessed', () => {
  const gapsOf = async (files: Record<string, string>, argv: string[] = []) =>
    (await compose(files, argv)).composed.gaps.map(({ message }) => message);

  it('an option that no file holds', async () => {
    assert.deepEqual(await gapsOf({ config: 'defaults:\n  - db: mysql\n' }), [
      'there is no config db/mysql',
    ]);
  });

  it('configs that include each other', async () => {
    const files = { config: 'defaults:\n  - a\n', a: 'defaults:\n  - config\n' };
    assert.deepEqual(await gapsOf(files), ['config includes itself']);
  });

  it('a list that is none', async () => {
    assert.deepEqual(await gapsOf({ config: 'defaults: yes\nx: 1\n' }), [
      'the defaults list of config is not understood',
    ]);
  });

  it('a choice that has to be made', async () => {
    const files = { config: 'defaults:\n  - db: ???\n', 'db/pg': 'p: 1\n' };
    const { composed } = await compose(files, []);
    assert.equal(composed.unresolved[0]?.reason, 'missing-value');
    assert.deepEqual((await compose(files, ['db=pg'])).resolved.resolved, { db: { p: 1 } });
  });
});
