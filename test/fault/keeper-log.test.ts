import assert from 'node:assert/strict';
import { join } from 'node:path';
import { makeRunFolder, type RunFolder, run } from '../support/kept.ts';

describe('the log of a kept program', () => {
  let folder: RunFolder;
  beforeEach(() => {
    folder = makeRunFolder();
  });
  afterEach(() => folder.remove());

  const python = (code: string, options: object = {}) =>
    run(folder.keep(options, 'python3', '-u', '-c', code));

  it('holds what both streams printed, in order, progress bars as they came', async () => {
    await python(`
import os, time
for i in range(4):
    os.write(1 + i % 2, b'%d%%\\r' % i)
    time.sleep(0.05)
os.write(1, b'done')`);
    assert.equal(folder.log(), '0%\r1%\r2%\r3%\rdone');
  });

  it('replaces a secret, also one that comes in pieces', async () => {
    const { stdout } = await python(
      `
import os, time
os.write(1, b'key s3cr'); os.write(1, b'et-value now\\n')
os.write(1, b'slow s3cret')
time.sleep(0.5)
os.write(1, b'-value end\\n')`,
      { secrets: ['s3cret-value'] },
    );
    assert.match(stdout, /key s3cret-value now\nslow s3cret-value end\n/);
    const kept = '[redacted: environment]';
    assert.equal(folder.log(), `key ${kept} now\nslow ${kept} end\n`);
    assert.deepEqual(folder.exit().log?.redactions, { environment: 2 });
  });

  it('replaces what a rule finds, also across the borders of what was read', async () => {
    const rules = [{ rule: 'token', literal: 'tok_', pattern: 'tok_[a-z]{8,}' }];
    await python(
      `
import os
os.write(1, b'x' * 65530 + b' tok_abcdef'); os.write(1, b'ghijkl and\\n')
os.write(2, b'no newline tok_mnopqrstu')`,
      { rules },
    );
    assert.equal(
      folder.log(),
      `${'x'.repeat(65530)} [redacted: token] and\nno newline [redacted: token]`,
    );
    assert.deepEqual(folder.exit().log?.redactions, { token: 2 });
  });

  it('replaces only the group of a rule that has one', async () => {
    const rules = [{ rule: 'password', literal: 'password', pattern: 'password=(\\S+)' }];
    await python('print("password=hunter2 user=ada")', { rules });
    assert.equal(folder.log(), 'password=[redacted: password] user=ada\n');
  });

  it('knows a secret whose beginning was shown before a pause', async () => {
    const rules = [{ rule: 'password', literal: 'password', pattern: 'password: (\\S+)' }];
    await python(
      `
import os, time
os.write(1, b'password: ')
time.sleep(0.5)
os.write(1, b'hunter2\\n')`,
      { rules },
    );
    assert.equal(folder.log(), 'password: [redacted: password]\n');
  });

  it('replaces a private key over many lines', async () => {
    const pattern = '-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?-----END [A-Z ]*PRIVATE KEY-----';
    const rules = [{ rule: 'private-key', literal: 'PRIVATE KEY-----', pattern }];
    await python(
      `
import time
print('before')
print('-----BEGIN RSA PRIVATE KEY-----')
for i in range(5): print('MIIE%d' % i); time.sleep(0.1)
print('-----END RSA PRIVATE KEY-----')
print('after')`,
      { rules },
    );
    assert.equal(folder.log(), 'before\n[redacted: private-key]\nafter\n');
  });

  it('keeps head and tail over the limit and says how much is missing', async () => {
    const code = 'for i in range(60000): print("line %06d" % i)';
    const { stdout } = await run(folder.keep({ limitBytes: 10_000 }, 'python3', '-c', code));
    assert.equal(stdout.length, 60_000 * 12);
    const log = folder.log();
    const [, missing = ''] = /\n\[\.\.\. (\d+) bytes are not kept \.\.\.\]\n/.exec(log) ?? [];
    const marker = `\n[... ${missing} bytes are not kept ...]\n`;
    const [head = '', tail = ''] = log.split(marker);
    assert.ok(head.startsWith('line 000000\n') && head.length <= 10_000 && head.length > 9000);
    assert.ok(tail.endsWith('line 059999\n') && tail.length <= 65_536 && tail.length > 65_000);
    assert.match(tail, /^line \d{6}\n/);
    assert.equal(head.length + tail.length + Number(missing), stdout.length);
    assert.equal(folder.exit().log?.truncated, true);
    assert.equal(folder.exit().log?.sizeBytes, log.length);
  });

  it('goes on with a little more than the limit rather than lose it', async () => {
    await run(folder.keep({ limitBytes: 1000 }, 'python3', '-c', 'print("line\\n" * 500)'));
    assert.equal(folder.log(), `${'line\n'.repeat(500)}\n`);
    assert.equal(folder.exit().log?.truncated, false);
  });

  it('replaces secrets in the tail as well', async () => {
    const code = 'print("word hunter2 x\\n" * 20000)';
    await run(folder.keep({ limitBytes: 1000, secrets: ['hunter2'] }, 'python3', '-c', code));
    assert.doesNotMatch(folder.log(), /hunter2/);
    assert.match(folder.log(), /not kept/);
  });

  it('gives up on a full disk while the program goes on', async () => {
    const disk = join(folder.path, 'disk');
    const code = 'for i in range(60000): print("line %06d" % i)';
    const words = folder.keep({ folder: disk }, 'python3', '-c', code);
    const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const line =
      `mkdir '${disk}' && mount -t tmpfs -o size=64k tmpfs '${disk}' && ` +
      `{ ${command}; echo "code $?" >&2; ls '${disk}' >&2; }`;
    const { code: exitCode, stdout, stderr } = await run(['unshare', '-Urm', 'sh', '-c', line]);
    if (/unshare failed/.test(stderr)) {
      console.log('      (a full disk needs unshare, which is not allowed here)');
      return;
    }
    assert.equal(exitCode, 0);
    assert.match(stderr, /code 0/);
    assert.equal(stdout.length, 60_000 * 12);
    const troubles = folder.said('troubles') as { what: string; error: string }[];
    assert.deepEqual(troubles[0], { what: 'log', error: 'ENOSPC' });
    const ended = folder.said('ended');
    assert.ok(ended.known && ended.log?.truncated);
  });
});
