import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunRecord } from '../../agent/protocol/record.ts';
import { door, finish, Workspace } from '../support/workspace.ts';

/** What one command of a script came to. */
interface Step {
  code: number;
  out: string;
  err: string;
}

/** `step NAME COMMAND...` keeps what a command printed and its exit code; `rr` is the command line. */
const preamble = `
step() { name=$1; shift; "$@" >"$O/$name.out" 2>"$O/$name.err" </dev/null; echo $? >"$O/$name.code"; }
rr() { "$NODE" "$DOOR" "$@"; }
fill() { dd if=/dev/zero of="$T/fill" bs=64k >/dev/null 2>&1; dd if=/dev/zero of="$T/fill2" bs=512 >/dev/null 2>&1; true; }
files() { find . -path ./.git -prune -o -type f -print | sort; }
refs() { git for-each-ref refs/runrecord; }
`;

describe('a disk that is full or cannot be written', () => {
  let workspace: Workspace;
  let answers: string;
  beforeEach(() => {
    workspace = new Workspace({
      'train.py': 'print("ran")\nopen("ran", "w")\n',
      'config.yaml': 'lr: 0.1\n',
    });
    answers = mkdtempSync(join(tmpdir(), 'answers-'));
  });
  afterEach(() => {
    workspace.dispose();
    rmSync(answers, { recursive: true, force: true });
  });

  /**
   * Runs a script in a copy of the workspace on a small disk of its own, `$T/w`. No right is
   * needed for that: without root, in a user namespace.
   */
  async function onSmallDisk(script: string, sizeMb = 6): Promise<(name: string) => Step> {
    const disk = mkdtempSync(join(tmpdir(), 'disk-'));
    const whole = `set -e
mount -t tmpfs -o size=${sizeMb}m tmpfs "$T"
cp -a "$W" "$T/w"
cd "$T/w"
set +e
${preamble}
${script}`;
    const child = spawn('unshare', [process.getuid?.() === 0 ? '-m' : '-Urm', 'sh', '-c', whole], {
      env: {
        ...process.env,
        T: disk,
        W: workspace.root,
        O: answers,
        NODE: process.execPath,
        DOOR: door,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { code, stderr } = await finish(child);
    rmSync(disk, { recursive: true, force: true });
    assert.equal(code, 0, stderr);
    const read = (name: string) => readFileSync(join(answers, name), 'utf8');
    return (name) => ({
      code: Number(read(`${name}.code`)),
      out: read(`${name}.out`),
      err: read(`${name}.err`),
    });
  }

  const shown = (step: Step) => JSON.parse(step.out) as RunRecord;

  it('does not start the program where the disk is full, and says what to do', async () => {
    const step = await onSmallDisk(`
fill
step run rr run -- python3 train.py
step files files
step refs refs
rm "$T/fill" "$T/fill2"
step after rr run -- python3 train.py
step verify rr verify --all`);
    const run = step('run');
    assert.equal(run.code, 125, run.err);
    assert.equal(run.out, '');
    assert.match(run.err, /no space left/i);
    assert.match(run.err, /[Ff]ree some space/);
    assert.doesNotMatch(step('files').out, /\.\/ran|journal|live\//);
    assert.equal(step('refs').out, '');
    assert.equal(step('after').code, 0, step('after').err);
    assert.equal(step('verify').code, 0, step('verify').out);
  });

  it('leaves nothing of such a launch beside the records that are there', async () => {
    const step = await onSmallDisk(`
step first rr run --quiet -- true
echo changed >> config.yaml
step before files
step refs-before refs
fill
step run rr run --config config.yaml -- python3 train.py
step files files
step live ls .runrecord/live
step refs refs
step runs ls .runrecord/runs
step list rr list --json
rm "$T/fill" "$T/fill2"
step again rr run --config config.yaml -- python3 train.py
step verify rr verify --all`);
    assert.equal(step('first').code, 0);
    const run = step('run');
    assert.equal(run.code, 125, run.err);
    assert.equal(run.out, '');
    assert.match(run.err, /[Ff]ree some space/);
    assert.doesNotMatch(step('files').out, /\.\/ran\n/);
    assert.equal(step('refs').out, step('refs-before').out);
    assert.equal(step('live').out, '');
    assert.equal(step('runs').out.trim().split('\n').length, 1);
    assert.equal(JSON.parse(step('list').out).length, 1, step('list').err);
    assert.equal(step('again').code, 0, step('again').err);
    assert.equal(step('verify').code, 0, step('verify').out);
  });

  it('fails before the start too where a few pages are free, not enough for a launch', async () => {
    for (const free of [8, 40, 120, 220]) {
      const step = await onSmallDisk(`
dd if=/dev/zero of="$T/spare" bs=1k count=${free} >/dev/null 2>&1
fill
rm "$T/spare"
step run rr run --config config.yaml -- python3 train.py
step refs refs
step runs ls .runrecord/runs
step live ls .runrecord/live`);
      const run = step('run');
      assert.equal(run.code, 125, `${free} kB free: ${run.err}`);
      assert.equal(run.out, '', `${free} kB free`);
      assert.equal(step('refs').out, '', `${free} kB free`);
      assert.equal(step('runs').out, '', `${free} kB free`);
      assert.equal(step('live').out, '', `${free} kB free`);
    }
  });

  it('lets a program go on when the disk fills under it, and closes the record in the room it kept', async () => {
    workspace.write(
      'fill.py',
      `
import os, sys
os.makedirs('out', exist_ok=True)
print('begun', flush=True)
open('out/early', 'w').write('early')
def fill(name, size):
    try:
        with open(name, 'wb', buffering=0) as file:
            while True: file.write(b'x' * size)
    except OSError as error:
        return error.errno
print(fill(os.environ['T'] + '/fill', 65536), fill(os.environ['T'] + '/fill2', 512), flush=True)
import time; time.sleep(0.6)
for i in range(3000): print('line', i, 'x' * 80)
try:
    with open(os.environ['RUNRECORD_EVENTS'], 'a') as f: f.write('{"type":"note","text":"full"}' + chr(10))
except OSError: pass
print('done', flush=True)
sys.exit(3)
`,
    );
    const step = await onSmallDisk(`
step run rr run -- python3 fill.py
id=$(ls .runrecord/runs)
step full rr show $id --json
step list rr list --json
rm "$T/fill" "$T/fill2"
step freed rr show $id --json
step verify rr verify $id
step next rr run --quiet -- true
step later rr show $id --json
step verify-all rr verify --all`);
    const run = step('run');
    assert.equal(run.code, 3, run.err);
    assert.match(run.out, /^begun\n28 28\nline 0 /);
    assert.match(run.out, /\ndone\n$/, 'all that it printed was passed on');
    assert.equal(run.out.split('\n').length, 3004);
    for (const name of ['full', 'freed', 'later']) {
      const record = shown(step(name));
      assert.equal(record.lifecycle.status, 'failed', name);
      assert.equal(record.lifecycle.exitCode, 3, name);
      assert.equal(record.lifecycle.log?.truncated, true, name);
      assert.equal(record.capture.artifacts.status, 'partial', name);
      assert.match(record.capture.artifacts.detail ?? '', /the log is not whole/, name);
      assert.equal(record.complete, false);
    }
    assert.equal(JSON.parse(step('list').out)[0].status, 'failed', step('list').err);
    // What it had filled the disk with was its output too, and has been removed.
    for (const name of ['verify', 'verify-all']) {
      const problems = step(name).out.match(/^problem .*$/gm) ?? [];
      assert.match(problems.join(), /^problem +\S+\/fill: missing,problem +\S+\/fill2: missing$/);
    }
    assert.equal(step('next').code, 0, step('next').err);
  });

  it('keeps the end of a run whose recorder was killed while the disk was full', async () => {
    const step = await onSmallDisk(`
rr run --quiet -- sh -c 'echo begun; while [ ! -e go ]; do sleep 0.05; done; exit 5' > "$O/printed" &
while ! grep -q begun "$O/printed"; do sleep 0.05; done
kill -9 $!
id=$(ls .runrecord/runs)
step meanwhile rr show $id --json
fill
touch go
for i in $(seq 30); do [ -e .runrecord/runs/$id/exit.json ] && break; sleep 0.05; done
step full rr show $id --json
rm -f "$T/fill" "$T/fill2"
sleep 1
step freed rr show $id --json
step verify rr verify $id`);
    assert.equal(shown(step('meanwhile')).lifecycle.status, 'running');
    for (const name of ['full', 'freed']) {
      const { lifecycle } = shown(step(name));
      // With no room for exit.json nobody can know how it ended: never running, never a guess.
      const known = [lifecycle.status, lifecycle.exitCode].join(' ');
      assert.ok(['failed 5', 'lost '].includes(known), `${name}: ${known}`);
    }
    assert.equal(step('verify').code, 0, step('verify').out);
  });

  it('does not start the program in a workspace that is read-only, and still shows its records', async () => {
    const step = await onSmallDisk(`
step first rr run --quiet --name first -- true
mount -o remount,bind,ro "$T" 2>/dev/null || mount -o remount,ro "$T"
step run rr run -- python3 train.py
step list rr list --json
step table rr list
step show rr show first --json
step log rr log first
step query rr query 'select name, status from runs' --json
step verify rr verify --all`);
    const run = step('run');
    assert.equal(run.code, 125, run.err);
    assert.equal(run.out, '');
    assert.match(run.err, /read-only/i);
    assert.match(run.err, /can be written to/);
    assert.equal(JSON.parse(step('list').out)[0].name, 'first', step('list').err);
    assert.match(step('table').out, /first/);
    assert.equal(shown(step('show')).lifecycle.status, 'succeeded');
    assert.equal(step('log').code, 0, step('log').err);
    assert.deepEqual(JSON.parse(step('query').out), [{ name: 'first', status: 'succeeded' }]);
    assert.equal(step('verify').code, 0, step('verify').out + step('verify').err);
  });

  it('does not start the program where no folder of its own can be made', async () => {
    const step = await onSmallDisk(`
mount -o remount,bind,ro "$T" 2>/dev/null || mount -o remount,ro "$T"
step run rr run -- python3 train.py
step list rr list --json`);
    assert.equal(step('run').code, 125, step('run').err);
    assert.match(step('run').err, /read-only/i);
    assert.equal(step('list').out.trim(), '[]', step('list').err);
  });
});
