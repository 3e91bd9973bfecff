import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../../agent/core/canonical.ts';
import { toJson } from '../../agent/core/config/node.ts';
import { parseConfig } from '../../agent/core/config/parse-config.ts';

interface Loaded {
  value?: unknown;
  error?: true;
}
interface Golden {
  scalars: Record<string, Loaded>;
  documents: Record<string, Loaded>;
}

const folder = join(import.meta.dirname, 'fixtures/pyyaml');
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const golden: Golden = read('golden.json');
const documents: Record<string, string> = read('documents.json');

/** `?` and `:` at the beginning of a plain scalar in a flow collection: read as YAML 1.2 does. */
const known = ['[:a]', '[?a]', '{:a}', '{?a: 1}'];

/** What our loader makes of a text, in the words of the golden file. */
async function load(text: string): Promise<string> {
  const { root, diagnostics } = await parseConfig(text, 'pyyaml', 'x.yaml');
  const refused = diagnostics.some(({ reason }) => /^(?:syntax|merge-marker)$/.test(reason));
  return root === null || refused ? 'refused' : canonicalJson(toJson(root));
}

/** SafeLoader refuses unknown tags; we keep their text, as other loaders of PyYAML take them. */
const hasUnknownTag = (text: string) =>
  /!(?!!(?:str|int|float|bool|null|map|seq)\b)[\w!<]/.test(text);

async function differences(expected: Golden): Promise<string[]> {
  const cases: [string, string, Loaded][] = [
    ...Object.entries(expected.scalars).map(([text, loaded]): [string, string, Loaded] => [
      text,
      `- ${text}`,
      loaded,
    ]),
    ...Object.entries(expected.documents).map(([name, loaded]): [string, string, Loaded] => [
      name,
      documents[name] ?? '',
      loaded,
    ]),
  ];
  const found: string[] = [];
  for (const [name, text, loaded] of cases) {
    const wanted = loaded.error ? 'refused' : canonicalJson(loaded.value);
    const got = await load(text);
    const opaque = wanted === 'refused' && hasUnknownTag(text);
    if (got !== wanted && !opaque && !known.includes(name)) {
      found.push(`${JSON.stringify(name)}: PyYAML ${wanted}, here ${got}`);
    }
  }
  return found;
}

/** What the PyYAML of this machine says now; null where there is no Python with it. */
function askPyYaml(): Golden | null {
  const script = join(import.meta.dirname, '../support/pyyaml-golden.py');
  for (const python of [process.env.RUNRECORD_TEST_PYTHON, 'python3']) {
    if (python === undefined || python === '') continue;
    const { status, stdout } = spawnSync(python, [script, '--print'], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (status === 0) return JSON.parse(stdout);
  }
  return null;
}

describe('YAML for a Python program means what PyYAML makes of it', () => {
  it('in over 150 scalars and 25 documents, as PyYAML 6.0.3 read them', async () => {
    assert.ok(Object.keys(golden.scalars).length > 150);
    assert.ok(Object.keys(golden.documents).length > 25);
    assert.deepEqual(await differences(golden), []);
  });

  it('and as the PyYAML of this machine reads them, where there is one', async () => {
    assert.deepEqual(await differences(askPyYaml() ?? golden), []);
  });

  it('so 1e-4 is a text, yes is true, 010 is 8 and 1:30 is 90', async () => {
    const text = 'a: 1e-4\nb: yes\nc: 010\nd: 1:30\ne: 1.e+3\nf: 0o10\n';
    assert.equal(await load(text), '{"a":"1e-4","b":true,"c":8,"d":90,"e":1000,"f":"0o10"}');
  });

  it('and a tag that would construct an object stays text', async () => {
    const text = 'a: !!python/object/apply:os.system ["echo hi"]\nb: !Model\n  lr: 1\n';
    const { root, diagnostics } = await parseConfig(text, 'pyyaml', 'x.yaml');
    assert.ok(root);
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(toJson(root), {
      a: '!!python/object/apply:os.system ["echo hi"]',
      b: '!Model\n  lr: 1',
    });
  });
});
