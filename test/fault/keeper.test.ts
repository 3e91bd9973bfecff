import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRunFolder, type RunFolder, run, start, until } from '../support/kept.ts';

/** Which signals a program finds ignored or blocked. */
const probeSignals = `
import signal
print([s for s in range(1, 32) if s not in (9, 19) and signal.getsignal(s) == signal.SIG_IGN])
print(signal.pthread_sigmask(signal.SIG_BLOCK, []))`;

describe('a kept program, seen from the shell', () => {
  let folder: RunFolder;
  beforeEach(() => {
    folder = makeRunFolder();
  });
  afterEach(() => folder.remove());

  const keep = (...command: string[]) => run(folder.keep({}, ...command));
  const python = (code: string, options: object = {}) =>
    folder.keep(options, 'python3', '-c', code);

  it('exits with the code of the program', async () => {
    assert.equal((await keep('sh', '-c', 'exit 37')).code, 37);
    assert.equal(folder.exit().exitCode, 37);
    assert.equal(folder.exit().signal, null);
  });

  it('exits with 128 and the number of the signal that ended it', async () => {
    assert.equal((await keep('sh', '-c', 'kill -9 $$')).code, 137);
    assert.equal(folder.exit().signal, 'SIGKILL');
    assert.equal(folder.exit().exitCode, null);
  });

  it('measures the program', async () => {
    await run(python('x = bytearray(50_000_000); sum(range(2_000_000))'));
    const exit = folder.exit();
    assert.ok((exit.peakMemoryBytes ?? 0) > 50_000_000);
    assert.ok((exit.cpuTimeMs ?? 0) > 1);
    assert.ok(exit.durationMs > 0);
    assert.match(exit.startedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(exit.endedAt >= exit.startedAt);
    assert.equal(exit.oomKills, 0);
  });

  it('keeps the streams apart, byte for byte', async () => {
    const code =
      'import os; b = bytes(range(256)); os.write(1, b * 300); os.write(2, b"\\r\\n\\xff" + b)';
    const { stdout, stderr } = await run(python(code));
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
    assert.equal(stdout, all.repeat(300));
    assert.equal(stderr, `\r\n\xff${all}`);
  });

  it('keeps the order of two streams that are one', async () => {
    const code = 'import os\nfor i in range(400): os.write(1 + i % 2, b"%d\\n" % i)';
    const words = python(code).map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const { stdout } = await run(['sh', '-c', `${words.join(' ')} 2>&1`]);
    const numbers = Array.from({ length: 400 }, (_, i) => `${i}\n`).join('');
    assert.equal(stdout, numbers);
    assert.equal(folder.log(), numbers);
  });

  it('passes standard input', async () => {
    const { stdout } = await run(folder.keep({}, 'tr', 'a-z', 'A-Z'), { input: 'abc\n' });
    assert.equal(stdout, 'ABC\n');
  });

  it('lets the program see that nobody reads any more', async () => {
    const words = folder.keep({}, 'yes').map((word) => `'${word}'`);
    const { stdout } = await run(['sh', '-c', `${words.join(' ')} | head -n 1`]);
    assert.equal(stdout, 'y\n');
    assert.equal(folder.exit().signal, 'SIGPIPE');
  });

  it('lets whoever writes to it see that the program has gone', async () => {
    const words = folder.keep({}, 'head', '-n', '1').map((word) => `'${word}'`);
    const { stdout } = await run(['sh', '-c', `yes | ${words.join(' ')}`]);
    assert.equal(stdout, 'y\n');
  });

  it('gives the program the descriptors of a shell and no more', async () => {
    const list = 'import os; print(sorted(os.listdir("/dev/fd")))';
    const plain = await run(['python3', '-c', list]);
    assert.equal((await run(python(list))).stdout, plain.stdout);
  });

  it('gives the program the signals as they were', async () => {
    const command = ['python3', '-c', probeSignals];
    assert.equal((await keep(...command)).stdout, (await run(command)).stdout);
  });

  it('leaves ignored what the user had ignored', async () => {
    const words = folder.keep({}, 'sh', '-c', 'kill -HUP $$; echo alive');
    const { stdout } = await run(['env', 'RUNRECORD_INHERITED=0000000000000001:', ...words]);
    assert.equal(stdout, 'alive\n');
  });

  it('keeps working directory, umask, niceness and limits', async () => {
    const probe = 'pwd; umask; nice; ulimit -Sn; ulimit -c';
    const shell = (command: string) => ['sh', '-c', `umask 027; ulimit -Sn 200; ${command}`];
    const words = folder.keep({}, 'sh', '-c', probe).map((word) => `'${word}'`);
    const [plain, kept] = [
      await run(shell(`nice -n 3 sh -c '${probe}'; :`), { cwd: folder.path }),
      await run(shell(`nice -n 3 ${words.join(' ')}; :`), { cwd: folder.path }),
    ];
    assert.equal(kept.stdout, plain.stdout);
  });

  it('passes arguments and variables that are no UTF-8', async () => {
    const words = folder.keep({}, 'sh', '-c', 'printf "%s %s" "$0" "$ODD"').map((w) => `'${w}'`);
    const line = `ODD=$(printf 'caf\\351') ${words.join(' ')} "$(printf '\\377x')"`;
    assert.equal((await run(['sh', '-c', line])).stdout, '\xffx caf\xe9');
  });

  it('says 127 for a command that does not exist', async () => {
    const { code, stderr } = await keep('no-such-command-here');
    assert.equal(code, 127);
    assert.match(stderr, /no-such-command-here/);
    assert.equal(folder.exit().failure?.errno, 'ENOENT');
  });

  it('says 126 for a file that may not be executed, and for a folder', async () => {
    const file = join(folder.path, 'plain');
    writeFileSync(file, '#!/bin/sh\n');
    assert.equal((await keep(file)).code, 126);
    assert.equal(folder.exit().failure?.errno, 'EACCES');
    mkdirSync(join(folder.path, 'sub'));
    assert.equal((await keep(join(folder.path, 'sub'))).code, 126);
  });

  it('runs a script without a first line as the shell does', async () => {
    const file = join(folder.path, 'script');
    writeFileSync(file, 'echo "script $1"\n');
    chmodSync(file, 0o755);
    assert.equal((await keep(file, 'one')).stdout, 'script one\n');
  });

  it('writes who runs before the program does anything', async () => {
    const code = `import json, os\nprint(json.load(open(${JSON.stringify(join(folder.path, 'process.json'))}))["process"]["pid"] == os.getpid())`;
    assert.equal((await run(python(code))).stdout, 'True\n');
  });

  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGQUIT'] as const) {
    for (const log of [true, false]) {
      for (const whole of [false, true]) {
        const target = whole ? 'the whole process group' : 'the recorder';
        it(`passes ${name} of ${target} once, ${log ? 'with' : 'without'} a log`, async () => {
          const code = `
import signal, sys, time
count = 0
def note(*_):
    global count
    count += 1
signal.signal(signal.${name}, note)
sys.stdout.write('ready'); sys.stdout.flush()
while count == 0: time.sleep(0.01)
time.sleep(0.3)
print(count)`;
          const running = start(python(code, { log }));
          await until('the program is ready', () => running.stdout().includes('ready'));
          const pid = running.child.pid ?? 0;
          process.kill(whole ? -pid : pid, name);
          const { stdout, stderr, code: exitCode } = await running.finished;
          assert.equal(stdout, 'ready1\n');
          assert.equal(stderr, '');
          assert.equal(exitCode, 0);
          assert.equal(folder.exit().interrupted, name === 'SIGINT');
          assert.equal(folder.said('ended').wasInterrupted, name === 'SIGINT');
        });
      }
    }
  }

  it('keeps measuring and the exit without a log', async () => {
    const { stdout, code } = await run(folder.keep({ log: false }, 'sh', '-c', 'echo hi; exit 5'));
    assert.equal(stdout, 'hi\n');
    assert.equal(code, 5);
    assert.equal(folder.exit().exitCode, 5);
    assert.equal(folder.exit().log, null);
    assert.equal(folder.has('output.log'), false);
  });

  it('is not there when the recorder gives up before the start', async () => {
    const code = `
      import { startKeeper } from ${JSON.stringify(join(import.meta.dirname, '../../agent/recorder/keeper.ts'))};
      const keeper = startKeeper({ argv: ['touch', 'ran'], cwd: '/', environment: {}, folder: '/',
        log: null, secrets: [], rules: [], finish: null });
      keeper.abandon();`;
    const ended = await run([process.execPath, '--input-type=module', '-e', code]);
    assert.deepEqual([ended.code, ended.stdout, ended.stderr], [0, '', '']);
  });

  it('runs on the inherited terminal where there is no Python', async () => {
    const words = folder.keep({}, '/bin/sh', '-c', 'echo hi; exit 6');
    const hidden = ['unshare', '-Urm', 'sh', '-c'];
    const cover =
      'for p in $(ls /usr/bin/python3* /usr/local/bin/python3* 2>/dev/null); do mount --bind /dev/null "$p"; done';
    const probe = await run([...hidden, 'true']);
    if (probe.code !== 0) return;
    const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const { stdout, code } = await run([...hidden, `${cover}; PATH=/bin/none exec ${quoted}`]);
    assert.equal(stdout, 'hi\n');
    assert.equal(code, 6);
    assert.match(folder.said('ended').logAbsent ?? '', /no Python/);
    assert.equal(folder.exit().exitCode, 6);
    assert.ok(readFileSync(join(folder.path, 'process.json'), 'utf8').includes('"pid"'));
  });
});
