// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolations of OmegaConf
import assert from 'node:assert/strict';
import { parseConfig } from '../../agent/core/config/parse-config.ts';
import { isPlaceholder } from '../../agent/core/config/placeholder.ts';
import { tellUnresolved } from '../../agent/core/config/tell-unresolved.ts';

async function tell(text: string, files: string[] = [], interpolations = false) {
  const { root } = await parseConfig(text, interpolations ? 'omegaconf' : 'pyyaml', 'c.yaml');
  assert.ok(root);
  const told = tellUnresolved(root, {
    interpolations,
    environment: (name) => (name === 'HOME' ? '/home/ada' : undefined),
    exists: (path) => files.includes(path),
  });
  return told.map(({ reason, key, line }) => `${reason} ${key} ${line}`);
}

describe('What waits for a value is told', () => {
  it('placeholders', () => {
    const waiting =
      'TODO|FIXME|CHANGEME|change_me|xxx|XXXX|TBD|<YOUR_TOKEN>|<your token here>|<API_KEY>|<path>|your_api_key|TODO: pick one|/path/to/data|path/to/x|https://<YOUR_HOST>/x|REPLACE_ME|<TOKEN>';
    for (const text of waiting.split('|')) assert.ok(isPlaceholder(text), text);
  });

  it('and neither prose nor special tokens', () => {
    const fine =
      '<pad>|<PAD>|<MASK>|<s>|</s>|<unk>|<|endoftext|>|<image>|todo list app|What is xxx about?|a < b > c|Fix me a drink|my_model|xx|/data/path/to|<bos_token>|TODO list of the day|Your name is Bob.';
    for (const text of fine.split('|')) assert.ok(!isPlaceholder(text), text);
  });

  it('??? in any loader', async () => {
    assert.deepEqual(await tell('a: {b: ???}\nc: why ???\n'), ['missing-value a.b 1']);
  });

  it('variables that are not set, where nothing else resolves them', async () => {
    const text = 'a: $HOME/x\nb: ${NOPE}/x\nc: costs $5\nd: $NOPE\n';
    assert.deepEqual(await tell(text), ['environment b 2', 'environment d 4']);
  });

  it('input files that are not there, and no outputs', async () => {
    const text = [
      'train_file: data/train.csv',
      'val_path: data/val.csv',
      'output_dir: out/x',
      'log_file: logs/x.log',
      'save: {path: a/b}',
      'checkpoint_dir: ckpt/x',
      'resume_ckpt: last.ckpt',
      'model: org/name',
      'url_path: https://a.b/c',
      'data_root: ./data',
    ].join('\n');
    assert.deepEqual(await tell(text, ['data/val.csv', './data']), [
      'missing-file train_file 1',
      'missing-file resume_ckpt 7',
    ]);
  });
});
