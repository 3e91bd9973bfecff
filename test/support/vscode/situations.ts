import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { files } from '../../../agent/protocol/names.ts';
import { edit, makeDigits } from '../digits.ts';
import { listTree } from '../list-tree.ts';
import { Workspace } from '../workspace.ts';

/** A workspace that VS Code is opened on, and the suites of test/host that hold there. */
export interface Situation {
  name: string;
  trusted: boolean;
  suites: string[];
  prepare(): Promise<Prepared>;
}

export interface Prepared {
  /** A folder, or a `.code-workspace` file. */
  workspace: string;
  env?: NodeJS.ProcessEnv;
  dispose(): void;
}

export const situations: Situation[] = [
  {
    name: 'a workspace with runs, trusted',
    trusted: true,
    suites: ['records', 'trusted'],
    prepare: prepareRecorded,
  },
  {
    name: 'a workspace with runs, not trusted',
    trusted: false,
    suites: ['records', 'untrusted'],
    prepare: prepareSuspicious,
  },
  {
    name: 'a folder with nothing to record',
    trusted: true,
    suites: ['nothing'],
    prepare: prepareNothing,
  },
  { name: 'two folders', trusted: true, suites: ['folders'], prepare: prepareFolders },
];

/** Two runs of the example, then a line that is not committed and a value that is not there. */
async function recordTwice(): Promise<Workspace> {
  const workspace = makeDigits({ 'conf/model.yaml': 'depth: 3\nwidth: 8\n' });
  await workspace.record(['digits', '--', 'epochs=1', 'lr=0.6']);
  await workspace.record(['digits', '--', 'epochs=1', 'lr=0.2']);
  edit(workspace, 'train.py', 'WEIGHT_DECAY = 0.0', 'WEIGHT_DECAY = 0.001');
  workspace.write('conf/model.yaml', 'depth: 3\nwidth: ???\n');
  return workspace;
}

async function prepareRecorded(): Promise<Prepared> {
  const workspace = await recordTwice();
  return { workspace: workspace.root, dispose: () => workspace.dispose() };
}

/** The same from a stranger: a database that lies, and a `git` that keeps account of its calls. */
async function prepareSuspicious(): Promise<Prepared> {
  const workspace = await recordTwice();
  workspace.write(`${files.home}/${files.index}`, 'not what the records say');
  const beside = mkdtempSync(join(tmpdir(), 'beside-'));
  const calls = join(beside, 'git-calls.txt');
  const tree = join(beside, 'tree.txt');
  const bin = join(beside, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$@" >>'${calls}'\nexit 1\n`);
  chmodSync(join(bin, 'git'), 0o755);
  writeFileSync(tree, listTree(workspace.root));
  return {
    workspace: workspace.root,
    env: {
      PATH: [bin, process.env.PATH].join(delimiter),
      RUNRECORD_TEST_GIT_CALLS: calls,
      RUNRECORD_TEST_TREE: tree,
    },
    dispose() {
      workspace.dispose();
      rmSync(beside, { recursive: true, force: true });
    },
  };
}

async function prepareNothing(): Promise<Prepared> {
  const workspace = new Workspace({ 'notes.txt': 'milk\n' }, { git: false });
  return { workspace: workspace.root, dispose: () => workspace.dispose() };
}

async function prepareFolders(): Promise<Prepared> {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'folders-')));
  const first = new Workspace({ 'steps.py': "print('step')\n" }, { root: join(parent, 'first') });
  const second = new Workspace(
    { 'other.py': "print('other')\n" },
    { root: join(parent, 'second') },
  );
  await first.record(['--name', 'steps', '--', 'python3', 'steps.py']);
  await second.record(['--name', 'other', '--', 'python3', 'other.py']);
  second.write('other.py', "print('changed')\n");
  const workspace = join(parent, 'two.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: 'first' }, { path: 'second' }] }));
  return {
    workspace,
    dispose: () => rmSync(parent, { recursive: true, force: true, maxRetries: 5 }),
  };
}
