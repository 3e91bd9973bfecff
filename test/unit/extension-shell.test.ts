import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { commandLineOf } from '../../extension/launch/command-line.ts';
import { isTypable, quoteWord, quoteWords, shellKindOf } from '../../extension/launch/shell.ts';
import { splitWords } from '../../extension/launch/split-words.ts';

const nasty = [
  'plain',
  'lr=0.1',
  'two words',
  "it's",
  '$HOME',
  '`id`',
  '$(id)',
  'a"b',
  'back\\slash',
  'double\\\\slash',
  "\\'",
  '*',
  '~',
  '!event',
  '#comment',
  '{a,b}',
  '=ls',
  '-',
  '--',
  '',
  'é 雪 🧪',
  '&& rm x',
  'x;y|z>w',
];

/** What a shell that is on this machine makes of a line, as the words it passes on. */
function passedOn(shell: string, words: readonly string[]): string[] | null {
  const line = quoteWords(
    [process.execPath, '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...words],
    shellKindOf(shell),
  );
  const { status, stdout, error } = spawnSync(shell, ['-c', line], { encoding: 'utf8' });
  return error !== undefined || status !== 0 ? null : JSON.parse(stdout);
}

describe('a command that is typed into a terminal', () => {
  for (const shell of ['sh', 'bash', 'zsh', 'fish']) {
    const isHere = spawnSync(shell, ['-c', 'true']).status === 0;
    // A shell that is missing is not a failure: the others stand for its kind.
    if (!isHere) continue;
    it(`reaches the program word by word through ${shell}`, () => {
      assert.deepEqual(passedOn(shell, nasty), nasty);
    });
  }

  it('is quoted by the rules of each shell', () => {
    assert.equal(quoteWord("it's", 'posix'), "'it'\\''s'");
    assert.equal(quoteWord("it's \\", 'fish'), "'it\\'s \\\\'");
    assert.equal(quoteWord("it's", 'powershell'), "'it''s'");
    assert.equal(quoteWord('a,b', 'powershell'), "'a,b'");
    assert.equal(quoteWord('two words', 'cmd'), '"two words"');
    assert.equal(quoteWord('lr=0.1', 'posix'), 'lr=0.1');
  });

  it('is read back into the same words', () => {
    for (const shell of ['posix', 'fish', 'powershell', 'cmd'] as const) {
      assert.deepEqual(splitWords(quoteWords(nasty, shell), shell), nasty, shell);
    }
    assert.deepEqual(splitWords('python  train.py "a b" \'c d\' e\\ f', 'posix'), [
      'python',
      'train.py',
      'a b',
      'c d',
      'e f',
    ]);
    assert.deepEqual(splitWords('C:\\python.exe "a b"', 'cmd'), ['C:\\python.exe', 'a b']);
    assert.deepEqual(splitWords("python 'not closed", 'posix'), ['python', 'not closed']);
    assert.deepEqual(splitWords('  ', 'posix'), []);
  });

  it('is not offered where a word would act on the line instead of being part of it', () => {
    assert.equal(isTypable(['python', 'train.py', 'é']), true);
    for (const word of ['a\nb', '\u0003', '\u001b[A', '\u0015rm', '\u007f', '\u009b']) {
      assert.equal(isTypable(['python', word]), false, JSON.stringify(word));
    }
  });

  it('knows the shell by its program', () => {
    assert.equal(shellKindOf('/usr/bin/fish'), 'fish');
    assert.equal(shellKindOf('C:\\Windows\\System32\\cmd.exe'), 'cmd');
    assert.equal(shellKindOf('C:\\Program Files\\PowerShell\\7\\pwsh.exe'), 'powershell');
    assert.equal(shellKindOf('C:\\Program Files\\Git\\bin\\bash.exe'), 'posix');
    assert.equal(shellKindOf(''), 'posix');
  });
});

describe('the line that launches a run', () => {
  const nothing = { door: 'runrecord', named: null, name: null, line: '', gates: {} };

  it('is what one would type', () => {
    const line = 'python train.py lr=$LR';
    assert.equal(commandLineOf({ ...nothing, line }, 'posix'), `runrecord run -- ${line}`);
    assert.equal(commandLineOf({ ...nothing, named: 'digits' }, 'posix'), 'runrecord run digits');
    assert.equal(
      commandLineOf({ ...nothing, named: 'two words', line: 'lr=1' }, 'posix'),
      "runrecord run 'two words' -- lr=1",
    );
  });

  it('hands on the name it had and the policies of the settings', () => {
    assert.equal(
      commandLineOf(
        { ...nothing, name: 'digits', line: 'python t.py', gates: { 'dirty-tree': 'block' } },
        'posix',
      ),
      'runrecord run --name digits --gate dirty-tree=block -- python t.py',
    );
  });

  it('calls the program by its path where it is not on that of the terminal', () => {
    const door = '/home/a b/runrecord';
    assert.equal(
      commandLineOf({ ...nothing, door, named: 'x' }, 'posix'),
      "'/home/a b/runrecord' run x",
    );
    assert.equal(
      commandLineOf({ ...nothing, door, named: 'x' }, 'powershell'),
      "& '/home/a b/runrecord' run x",
    );
  });
});
