import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { root } from '../support/sources.ts';

const runrecord = join(root, 'dist', 'runrecord.cjs');

/** Compiles a published schema as a stranger would: strictly, from the file alone. */
function compile(name: string): ValidateFunction {
  const schema: object = JSON.parse(readFileSync(join(root, 'docs', name), 'utf8'));
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  assert.equal(ajv.validateSchema(schema), true, ajv.errorsText());
  return ajv.compile(schema);
}

function accepts(validate: ValidateFunction, value: unknown): void {
  assert.equal(validate(value), true, JSON.stringify(validate.errors, null, 2));
}

describe('the published schemas', () => {
  let workspace: string;

  before(() => {
    workspace = mkdtempSync(join(tmpdir(), 'schemas-'));
    const git = (...args: string[]) => execFileSync('git', args, { cwd: workspace });
    git('init', '--quiet');
    git('config', 'user.name', 'Ada');
    git('config', 'user.email', 'ada@example.org');
    writeFileSync(join(workspace, 'config.json'), '{ "lr": 0.1, "model": { "depth": null } }\n');
    writeFileSync(join(workspace, 'data.csv'), '1,2\n');
    const program = [
      'import json, os',
      'os.makedirs("out", exist_ok=True)',
      'open("out/model.bin", "w").write(open("data.csv").read())',
      'with open(os.environ["RUNRECORD_EVENTS"], "a") as events:',
      '    for value in (1.5, float("nan"), 2 ** 70):',
      '        events.write(json.dumps({"type": "metric", "name": "loss", "value": value}) + "\\n")',
      '    events.write(json.dumps({"type": "custom", "key": "lab.gpu", "value": 1, "unit": "h"}) + "\\n")',
    ];
    writeFileSync(join(workspace, 'train.py'), `${program.join('\n')}\n`);
    git('add', '.');
    git('commit', '--quiet', '--message', 'first');
    writeFileSync(join(workspace, 'notes.txt'), 'not committed\n');
  });
  after(() => rmSync(workspace, { recursive: true, force: true, maxRetries: 5 }));

  const verb = (...args: string[]) =>
    spawnSync(process.execPath, [runrecord, ...args], { cwd: workspace, encoding: 'utf8' });

  it('accept the record of a run, and what show prints of it', () => {
    const options = ['--name', 'digits', '--config', 'config.json', '--data', 'data.csv'];
    const { status, stderr } = verb('run', ...options, '--', 'python3', 'train.py', 'lr=0.2');
    assert.equal(status, 0, stderr);
    const runs = join(workspace, '.runrecord', 'runs');
    const [id] = readdirSync(runs);
    const file = readFileSync(join(runs, id ?? '', 'record.json'), 'utf8');
    accepts(compile('record.schema.json'), JSON.parse(file));
    accepts(compile('record.schema.json'), JSON.parse(verb('show', 'digits', '--json').stdout));
  });

  it('accept the record of a command that does not exist', () => {
    assert.equal(verb('run', '--name', 'nothing', '--', './no-such-program').status, 127);
    accepts(compile('record.schema.json'), JSON.parse(verb('show', 'nothing', '--json').stdout));
  });

  it('accept a judgement', () => {
    const { status, stderr } = verb('note', 'digits', 'the loss jumps');
    assert.equal(status, 0, stderr);
    const folder = join(workspace, '.runrecord', 'judgements');
    const validate = compile('judgement.schema.json');
    const names = readdirSync(folder);
    assert.equal(names.length, 1);
    for (const name of names)
      accepts(validate, JSON.parse(readFileSync(join(folder, name), 'utf8')));
  });

  it('accept the settings of the example', () => {
    const text = readFileSync(join(root, 'examples/digits/runrecord.yaml'), 'utf8');
    accepts(compile('runrecord.schema.json'), parse(text));
  });

  it('refuse settings with a misspelt key', () => {
    assert.equal(compile('runrecord.schema.json')({ version: 1, output: ['out'] }), false);
  });

  it('refuse a record without its capture', () => {
    const record = JSON.parse(verb('show', 'digits', '--json').stdout);
    delete record.capture.code;
    assert.equal(compile('record.schema.json')(record), false);
  });
});
