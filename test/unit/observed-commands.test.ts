import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHarmless } from '../../agent/core/observed/harmless-command.ts';
import { readShellScript } from '../../agent/core/observed/shell-script.ts';
import { describeUnseen } from '../../agent/core/observed/unseen.ts';
import { sightOf } from '../../agent/recorder/observed/files/commands.ts';

describe('what a shell is given to run', () => {
  const commands = (text: string) => readShellScript(text).commands.map(({ words }) => words);

  it('is its commands with their words, quoted or not', () => {
    assert.deepEqual(commands(`A=1 cat "a b" 'c|d' e\\ f | sort -n && echo done; true &`), [
      ['cat', 'a b', 'c|d', 'e f'],
      ['sort', '-n'],
      ['echo', 'done'],
      ['true'],
    ]);
    assert.deepEqual(commands('if test -f x; then python a.py; fi\n# python b.py\n( make )'), [
      ['test', '-f', 'x'],
      ['python', 'a.py'],
      ['make'],
    ]);
  });

  it('is what it is told to read and to write', () => {
    const files = (text: string) =>
      readShellScript(text).commands.map(({ reads, writes }) => [reads, writes]);
    assert.deepEqual(files('sort < in > out 2>err'), [[['in'], ['out', 'err']]]);
    assert.deepEqual(files('make >> log 2>&1 &> all'), [[[], ['log', 'all']]]);
    assert.deepEqual(files('> empty'), [[[], ['empty']]]);
  });

  it('knows the folder that it goes to', () => {
    const [first, second] = readShellScript('cd sub && a; cd deeper; b').commands;
    assert.deepEqual([first?.folders, second?.folders], [['sub'], ['sub', 'deeper']]);
  });

  it('is not known whole where only running it would tell', () => {
    const dynamic = (text: string) => readShellScript(text).isDynamic;
    for (const text of ['cat $(ls)', 'cat `ls`', '$TOOL x', 'for i in 1 2; do a; done', 'a "x']) {
      assert.equal(dynamic(text), true, text);
    }
    for (const text of ['cat "$HOME"/x *.txt', "echo '$(ls)'", 'a | b > c']) {
      assert.equal(dynamic(text), false, text);
    }
  });
});

describe('a program that is started', () => {
  it('is harmless where it tells of the machine or of itself alone', () => {
    for (const line of [
      'uname -a',
      '/sbin/ldconfig -p',
      'git -C /w rev-parse HEAD',
      'git --version',
      'gcc -Wl,-t -o /tmp/x -lfoo',
      'ffmpeg --version',
      'nvidia-smi --query-gpu=name',
    ]) {
      assert.equal(isHarmless(line.split(' ')), true, line);
    }
    for (const line of ['cp a b', 'git checkout main', 'gcc -o a a.c', 'env X=1 cp a b', '']) {
      assert.equal(isHarmless(line.split(' ')), false, line);
    }
  });
});

describe('how far a command will be seen', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = realpathSync(mkdtempSync(join(tmpdir(), 'commands-')));
    mkdirSync(join(cwd, 'bin'));
    for (const name of ['python3', 'tool', 'cat', 'sh', 'Rscript', 'true']) {
      writeFileSync(join(cwd, 'bin', name), '\x7fELF');
      chmodSync(join(cwd, 'bin', name), 0o755);
    }
    writeFileSync(join(cwd, 'bin/torchrun'), `#!${cwd}/bin/python3\nimport torch\n`);
    chmodSync(join(cwd, 'bin/torchrun'), 0o755);
  });
  afterEach(() => rmSync(cwd, { recursive: true }));
  const sight = (...argv: string[]) => sightOf(argv, { cwd, env: { PATH: join(cwd, 'bin') } });

  it('is all of a Python program, whatever starts it', () => {
    for (const argv of [
      ['python3', 'a.py'],
      ['torchrun', 'a.py'],
      ['sh', '-c', 'python3 a.py'],
    ]) {
      const { native, python, isolated } = sight(...argv);
      assert.deepEqual([native, python.length, isolated], [[], 1, []], argv.join(' '));
    }
    assert.deepEqual(sight('python3', '--version').python, []);
  });

  it('is nothing from inside where options keep that out', () => {
    for (const option of ['-I', '-E', '-S', '-uIB']) {
      assert.equal(sight('python3', option, 'a.py').isolated.length, 1, option);
    }
    assert.deepEqual(sight('python3', '-s', 'a.py').isolated, []);
  });

  it('is the words alone of a program of another kind', () => {
    const { native, named } = sight('tool', '--fast', 'in.csv', '/d/x');
    assert.deepEqual([native, named], [['tool'], [join(cwd, 'in.csv'), '/d/x']]);
    const piped = sight('sh', '-c', 'cd d && cat a.csv | tool > out.txt');
    assert.deepEqual(piped.native, ['cat', 'tool']);
    assert.deepEqual(piped.named, [join(cwd, 'd/a.csv')]);
    assert.deepEqual(piped.written, [join(cwd, 'd/out.txt')]);
    assert.deepEqual(sight('Rscript', 'fit.R', 'a.csv').named, [join(cwd, 'a.csv')]);
  });

  it('is that of the commands in a script of a shell, where words tell them', () => {
    writeFileSync(join(cwd, 'run.sh'), 'set -e\npython3 a.py\ntool "$1" > out.txt\n');
    const read = sight('sh', 'run.sh', 'in.csv');
    assert.deepEqual([read.native, read.python.length], [['tool'], 1]);
    assert.deepEqual(read.written, [join(cwd, 'out.txt')]);
    assert.ok(read.named.includes(join(cwd, 'in.csv')));
    writeFileSync(join(cwd, 'loop.sh'), 'for x in 1 2; do tool $x; done\n');
    assert.ok(sight('sh', 'loop.sh').native.includes('sh loop.sh'));
    assert.deepEqual(sight('Rscript', 'fit.R').native, ['Rscript fit.R']);
  });

  it('is whole where nothing runs that could touch a file', () => {
    const none = { native: [], python: [], isolated: [], named: [], written: [] };
    assert.deepEqual(sight('true'), none);
    assert.deepEqual(sight('no-such-program', 'a.csv'), none);
    assert.deepEqual(sight('sh', '-c', 'echo hello; exit 3'), none);
  });
});

describe('what could not be seen', () => {
  const nothing = {
    foreign: new Set<string>(),
    silent: false,
    isolated: new Set<string>(),
    native: new Set<string>(),
    scrubbed: new Set<string>(),
    mute: new Set<string>(),
    extensions: new Set<string>(),
    blind: new Set<string>(),
    torn: 0,
  };

  it('is said in words, and nothing where all was seen', () => {
    assert.deepEqual(describeUnseen(nothing), []);
    const native = new Set(['f', 'e', 'd', 'c', 'b', 'a']);
    assert.deepEqual(
      describeUnseen({ ...nothing, foreign: new Set(['make']), native, torn: 1, silent: true }),
      [
        'make is not Python: what it does was not seen from inside',
        'Python did not load what reports from inside',
        'not Python, and not seen from inside: a, b, c, d, e and 1 more',
        'what a process said is not whole',
      ],
    );
  });
});
