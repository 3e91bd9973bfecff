import assert from 'node:assert/strict';
import { withoutCredentials } from '../../agent/capture/code/remote.ts';

describe('the remote in a record', () => {
  const cases: [string, string][] = [
    ['git@example.org:lab/x.git', 'git@example.org:lab/x.git'],
    ['https://example.org/lab/x.git', 'https://example.org/lab/x.git'],
    ['https://ada:s3cret@example.org/x.git', 'https://example.org/x.git'],
    ['https://ghp_token@example.org:8443/x.git', 'https://example.org:8443/x.git'],
    ['https://a:p@ss@example.org/x', 'https://example.org/x'],
    ['HTTPS://ada:pw@example.org/x?private_token=1#y', 'HTTPS://example.org/x'],
    ['ssh://git@example.org:22/x.git', 'ssh://git@example.org:22/x.git'],
    ['ssh://git:pw@example.org/x.git', 'ssh://git@example.org/x.git'],
    ['ada:pw@example.org:x.git', 'ada@example.org:x.git'],
    ['/srv/git/x.git', '/srv/git/x.git'],
    ['../other', '../other'],
    ['file:///srv/x.git', 'file:///srv/x.git'],
    ['ext::connect --token=abc %S', 'ext::'],
  ];
  for (const [url, told] of cases) {
    it(`${url} is told as ${told}`, () => {
      assert.equal(withoutCredentials(url), told);
    });
  }
});
