import assert from 'node:assert/strict';
import { writeConfigText } from '../../agent/core/describe/config-text.ts';
import { describeDocument } from '../../agent/core/describe/document.ts';
import { writeEnvironmentText } from '../../agent/core/describe/environment-text.ts';
import { escapeMarkdown } from '../../agent/core/text/markdown.ts';
import { makeLaunch, testNow } from '../support/records.ts';

const config = {
  sources: [],
  overrides: [],
  resolved: null,
  origins: {},
  unresolved: [],
  digest: null,
};

describe('a configuration as text for a diff editor', () => {
  it('has sorted keys, and quotes what YAML would read as something else', () => {
    const text = writeConfigText({
      ...config,
      resolved: {
        b: 'true',
        a: { z: 'two words', y: null, x: '1e3' },
        c: 'a: b',
        d: [1, 'x'],
        e: '',
      },
      origins: { 'a.z': { kind: 'file', path: 'conf/a.yaml', line: 7 }, c: { kind: 'override' } },
    });
    assert.deepEqual(text.split('\n'), [
      'a.x: "1e3"',
      'a.y: null',
      'a.z: two words  # conf/a.yaml',
      'b: "true"',
      'c: "a: b"  # command line',
      'd: [1, "x"]',
      'e: ""',
      '',
    ]);
  });

  it('says that there is none', () => {
    assert.match(writeConfigText(config), /^# No configuration/);
    assert.match(writeConfigText({ ...config, resolved: {} }), /^# The configuration is empty/);
    assert.match(writeEnvironmentText(null), /^# No environment/);
  });

  it('keeps to one line what a stranger put into a value', () => {
    const text = writeConfigText({ ...config, resolved: { a: 'x\n# fake: 1\u001b[2J' } });
    assert.equal(text.split('\n').length, 2);
    assert.ok(!text.includes('\u001b'));
  });
});

describe('a run as a document', () => {
  it('shows what a stranger wrote as itself: no markup, no link, no image', () => {
    const hostile = '![x](http://evil/) <img src=x> | `code` *b* _i_ val_acc &lt; [l](u)';
    const record = makeLaunch({
      number: 1,
      name: `# ${hostile}`,
      intent: { reason: `${hostile}\n## heading` },
      command: { argv: ['echo', '```', hostile] },
    });
    const text = describeDocument({ ...record, trust: 'ok' }, null, testNow);
    const prose = text.replace(/^(````+)sh\n[\s\S]*?\n\1$/m, '');
    assert.notEqual(prose, text, 'the fence is longer than the one in the command');
    for (const markup of [/(?<!\\)!?(?<!\\)\[x\]/, /(?<!\\)<img/, /(?<!\\)\[l/, /^## heading/m]) {
      assert.doesNotMatch(prose, markup);
    }
    assert.match(prose, /val_acc/);
  });

  it('escapes at the ends of words alone what is harmless inside', () => {
    assert.equal(escapeMarkdown('a_b _c_ d*e'), 'a_b \\_c\\_ d\\*e');
    assert.equal(escapeMarkdown('a -> b'), 'a -> b');
    assert.equal(escapeMarkdown('> b'), '\\> b');
  });
});
