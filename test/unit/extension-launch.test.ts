import assert from 'node:assert/strict';
import type { Check, GateResult } from '../../agent/protocol/verbs.ts';
import { findingsOf } from '../../extension/launch/gate-findings.ts';
import { parseGatePolicies } from '../../extension/launch/gate-settings.ts';
import { programOf } from '../../extension/launch/program-name.ts';
import { choosePython, pythonCommand } from '../../extension/launch/python-command.ts';

/** As settings write it. */
const variable = (name: string): string => ['$', '{', name, '}'].join('');

const at = (path: string | null, line: number | null = null, message = 'm') => ({
  path,
  line,
  endLine: line,
  message,
});

function check(...gates: Partial<GateResult>[]): Check {
  const whole = gates.map((gate) => ({
    gate: 'dirty-tree' as const,
    verdict: 'warn' as const,
    evidence: [],
    action: null,
    ...gate,
  }));
  return { verdict: 'warn', gates: whole };
}

describe('what the gates found, before a launch', () => {
  it('is told gate by gate: how many, where, and what can be done', () => {
    const [finding] = findingsOf(
      check({ evidence: [at('train.py', 3), at('train.py', 9), at('conf/base.yaml', 1)] }),
    );
    assert.equal(finding?.label, '2 files are not committed');
    assert.equal(finding?.detail, 'train.py:3, train.py:9, conf/base.yaml:1');
    assert.equal(finding?.action, 'Show Changes');
    assert.equal(finding?.icon, 'warning');
    assert.equal(finding?.place?.path, 'train.py');
  });

  it('names a value that has none, and leads to its line', () => {
    const [finding] = findingsOf(
      check({
        gate: 'unresolved-config',
        evidence: [at('conf/base.yaml', 7, 'model.width has no value')],
      }),
    );
    assert.equal(finding?.label, 'model.width has no value');
    assert.equal(finding?.action, 'Fix');
    assert.equal(finding?.place?.line, 7);
  });

  it('has what blocks first, and says that a policy blocks it', () => {
    const findings = findingsOf(
      check(
        { evidence: [at('a.py')] },
        { gate: 'identical-run', verdict: 'clean', evidence: [at(null, null, 'the same run')] },
        { gate: 'data-changed', verdict: 'block', evidence: [at('d.csv', null, 'd.csv is gone')] },
      ),
    );
    assert.deepEqual(
      findings.map(({ icon }) => icon),
      ['error', 'warning', 'info'],
    );
    assert.match(findings[0]?.label ?? '', /d\.csv is gone \(blocked by policy\)/);
    assert.equal(findings[2]?.action, null);
  });

  it('leaves out the gates that found nothing', () => {
    assert.deepEqual(findingsOf(check({ verdict: 'clean' })), []);
  });

  it('tells a few places and counts the rest', () => {
    const evidence = ['a', 'b', 'c', 'd', 'e'].map((path) => at(path));
    assert.equal(findingsOf(check({ evidence }))[0]?.detail, 'a, b, c, and 2 more');
  });
});

describe('the policies of the settings', () => {
  it('are taken as far as they are some', () => {
    assert.deepEqual(
      parseGatePolicies({ 'dirty-tree': 'block', 'data-changed': 'maybe', other: 'warn' }),
      { 'dirty-tree': 'block' },
    );
    for (const odd of [undefined, null, 'block', 3, []]) {
      assert.deepEqual(parseGatePolicies(odd), {});
    }
  });
});

describe('the active Python file', () => {
  it('is run by the interpreter of the settings', () => {
    const folder = '/p';
    assert.equal(
      choosePython({ value: `${variable('workspaceFolder')}/.venv/bin/python`, folder }, 'linux'),
      '/p/.venv/bin/python',
    );
    assert.equal(choosePython({ value: '/opt/py', folder }, 'linux'), '/opt/py');
  });

  it('is run by python3 where none is set, or one that cannot be known', () => {
    for (const value of [undefined, '', 'python', variable('command:python.interpreterPath')]) {
      assert.equal(choosePython({ value, folder: '/p' }, 'linux'), 'python3');
      assert.equal(choosePython({ value, folder: '/p' }, 'win32'), 'python');
    }
  });

  it('is named as one would from its folder', () => {
    assert.deepEqual(pythonCommand('python3', '/p/src/train.py', '/p'), [
      'python3',
      'src/train.py',
    ]);
    assert.deepEqual(pythonCommand('/p/.venv/bin/python', '/p/train.py', '/p'), [
      '.venv/bin/python',
      'train.py',
    ]);
    assert.deepEqual(pythonCommand('python3', '/other/a.py', '/p'), ['python3', '/other/a.py']);
    assert.deepEqual(pythonCommand('python3', '/p/-x.py', '/p'), ['python3', './-x.py']);
  });

  it('gives its name to the terminal', () => {
    assert.equal(programOf('python3 src/train.py lr=0.1', 'posix'), 'train.py');
    assert.equal(programOf('./run it', 'posix'), 'run');
    assert.equal(programOf('', 'posix'), '');
  });
});
