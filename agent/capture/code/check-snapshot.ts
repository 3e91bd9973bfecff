import { isAbsolute, resolve } from 'node:path';
import { messageOf } from '../../protocol/errors.ts';
import type { Code, Repository } from '../../protocol/record.ts';
import type { Problem } from '../../protocol/verbs.ts';
import { type BytePath, bytePath, recordedPath } from '../byte-path.ts';
import { GitError, git } from '../git.ts';
import { damagedObjects, missingObjects } from './check-objects.ts';
import { splitZero } from './zero-terminated.ts';

/**
 * Holds the snapshots of a record against the repository: the ref, the commit, its tree, and every
 * object of the tree. What the commit before does not hold is hashed again; of the rest it is seen
 * that it is there. Submodules and other repositories too. Reads only.
 */
export async function checkSnapshot(code: Code, workspaceRoot: string): Promise<Problem[]> {
  const root = resolve(workspaceRoot, code.root ?? '.');
  const problems = await checkOne(code, root);
  for (const inside of [...code.submodules, ...code.repositories]) {
    const folder = isAbsolute(inside.path) ? inside.path : resolve(root, inside.path);
    problems.push(...(await checkOne(inside, folder, inside.path)));
  }
  return problems;
}

type Snapshotted = Pick<Repository, 'tree' | 'snapshot' | 'commit'>;

async function checkOne(recorded: Snapshotted, folder: string, name?: string): Promise<Problem[]> {
  const { snapshot, tree, commit } = recorded;
  if (snapshot === null) return [];
  const subject = name === undefined ? snapshot.ref : `${name}: ${snapshot.ref}`;
  const problem = (what: string, expected: string | null, found: string | null, path?: string) => ({
    subject: path === undefined ? subject : `${subject}:${path}`,
    what,
    expected,
    found,
  });
  try {
    const points = await resolveId(folder, snapshot.ref);
    if (points !== snapshot.commit) {
      const what = points === null ? 'the snapshot is gone' : 'the snapshot is another commit';
      return [problem(what, snapshot.commit, points)];
    }
    const found = await treeOf(folder, snapshot.commit);
    if (found === null || found !== tree) {
      const what = found === null ? 'the commit is damaged or gone' : 'the commit has another tree';
      return [problem(what, tree, found)];
    }
    const problems: Problem[] = [];
    for (const [id, { path, what }] of await damageIn(folder, snapshot.commit, found, commit)) {
      problems.push(problem(what, id, null, recordedPath(path).path));
    }
    return problems;
  } catch (error) {
    return [problem('the snapshot cannot be checked', snapshot.commit, messageOf(error))];
  }
}

/** The id that a ref holds, without a look at the object; null where there is no such ref. */
async function resolveId(folder: string, ref: string): Promise<string | null> {
  const output = await git(['for-each-ref', '--format=%(objectname)', ref], { cwd: folder });
  return output.toString('latin1').trim() || null;
}

async function treeOf(folder: string, commit: string): Promise<string | null> {
  if ((await damagedObjects(folder, [commit])).size > 0) return null;
  try {
    const output = await git(['rev-parse', '--verify', `${commit}^{tree}`], { cwd: folder });
    return output.toString('latin1').trim();
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}

interface Damage {
  path: BytePath;
  what: string;
}

async function damageIn(
  folder: string,
  commit: string,
  tree: string,
  before: string | null,
): Promise<Map<string, Damage>> {
  const damage = new Map<string, Damage>();
  let objects: Map<string, BytePath>;
  try {
    objects = await objectsOf(folder, tree);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // A tree inside is gone: git names it.
    return new Map([[commit, { path: bytePath(''), what: error.message.split('\n')[0] ?? '' }]]);
  }
  objects.set(tree, bytePath(''));
  const known =
    before === null ? new Map() : await objectsOf(folder, before).catch(() => new Map());
  const own = [...objects.keys()].filter((id) => !known.has(id));
  const shared = [...objects.keys()].filter((id) => known.has(id));
  for (const [id, why] of await damagedObjects(folder, own)) {
    damage.set(id, { path: objects.get(id) ?? bytePath(''), what: `the object ${why}` });
  }
  for (const id of await missingObjects(folder, shared)) {
    damage.set(id, { path: objects.get(id) ?? bytePath(''), what: 'the object is missing' });
  }
  return damage;
}

/** Every tree and blob below a tree, with the first path it has; not the commits of submodules. */
async function objectsOf(folder: string, tree: string): Promise<Map<string, BytePath>> {
  const objects = new Map<string, BytePath>();
  for (const line of splitZero(
    await git(['ls-tree', '-r', '-t', '-z', '--full-tree', tree], { cwd: folder }),
  )) {
    const tab = line.indexOf('\t');
    const [, type, id = ''] = line.slice(0, tab).split(' ');
    if (type !== 'commit' && !objects.has(id)) objects.set(id, line.slice(tab + 1) as BytePath);
  }
  return objects;
}
