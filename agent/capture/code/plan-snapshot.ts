import type { BigIntStats } from 'node:fs';
import { existsSync } from 'node:fs';
import type { LeftOut } from '../../protocol/record.ts';
import { type BytePath, joinBytes, onDisk, withoutSlash } from '../byte-path.ts';
import type { BaseIndex } from './base-index.ts';
import { type ChoiceRules, chooseTracked, chooseUntracked } from './choose-file.ts';
import type { IndexEdit } from './edit-index.ts';
import { foldLeftOut } from './fold-left-out.ts';
import { limitUntracked } from './limit-untracked.ts';

/** What goes into the snapshot, what does not and why. */
export interface SnapshotPlan {
  edit: IndexEdit;
  /** Untracked files that are in the snapshot. */
  untracked: BytePath[];
  /** Tracked files that are not. */
  absent: BytePath[];
  leftOut: LeftOut[];
  /** Untracked paths that count as changes. */
  added: BytePath[];
  /** Untracked repositories inside this one. */
  nested: BytePath[];
  /** What is missing, besides single files. */
  problems: string[];
}

/** So few files are read at each launch. */
const fewFiles = 500;

/** Decides over every file that changed or is not tracked. */
export async function planSnapshot(
  base: BaseIndex,
  untracked: BytePath[],
  rules: ChoiceRules,
): Promise<SnapshotPlan> {
  const plan: SnapshotPlan = {
    edit: { add: new Map(), remove: new Set(), links: new Map() },
    untracked: [],
    absent: [],
    leftOut: [],
    added: [],
    nested: [],
    problems: [],
  };
  await planTracked(base, rules, plan);
  await planUntracked(base, untracked, rules, plan);
  const taken = new Set(plan.untracked);
  for (const path of base.untracked) if (!taken.has(path)) plan.edit.remove.add(path);
  for (const path of plan.edit.add.keys()) plan.edit.remove.delete(path);
  return plan;
}

async function planTracked(base: BaseIndex, rules: ChoiceRules, plan: SnapshotPlan): Promise<void> {
  const absent = new Set(base.absent);
  for (const path of base.tracked) {
    const commit = base.gitlinks.get(path);
    const stat = commit === undefined ? null : rules.look(path);
    if (commit !== undefined && stat?.isDirectory() === true) {
      // One that is not initialised has no HEAD to take: the commit of the user's index stands.
      if (existsSync(onDisk(rules.top, joinBytes(path, '.git')))) plan.edit.add.set(path, null);
      else plan.edit.links.set(path, commit);
      absent.delete(path);
      continue;
    }
    const choice = await chooseTracked(path, rules);
    if (choice.kind === 'left-out') plan.leftOut.push(choice.leftOut);
    if (choice.kind === 'take') {
      plan.edit.add.set(path, choice.stat);
      absent.delete(path);
    } else {
      if (!absent.has(path)) plan.edit.remove.add(path);
      absent.add(path);
    }
  }
  plan.absent = [...absent];
}

/** An untracked file that is small enough by itself. */
interface Taken {
  path: BytePath;
  stat: BigIntStats;
  /** Searched, and written into the index, at the launch before. */
  isUnchanged: boolean;
}

async function planUntracked(
  base: BaseIndex,
  untracked: BytePath[],
  rules: ChoiceRules,
  plan: SnapshotPlan,
): Promise<void> {
  const elsewhere: [BytePath, LeftOut['reason']][] = [];
  const taken: Taken[] = [];
  // A secret that is new to the environment may stand in a file that was searched before.
  const searchAgain = rules.secrets.length > 0 && untracked.length <= fewFiles;
  for (const path of untracked) {
    const place = rules.place(path);
    if (place === 'never') continue;
    if (place !== 'code') {
      elsewhere.push([withoutSlash(path), place]);
      continue;
    }
    if (path.endsWith('/')) {
      plan.nested.push(withoutSlash(path));
      plan.added.push(withoutSlash(path));
      continue;
    }
    const isUnchanged = base.unchanged.has(path);
    const choice = await chooseUntracked(path, isUnchanged && !searchAgain, rules);
    if (choice.kind === 'gone') continue;
    plan.added.push(path);
    if (choice.kind === 'left-out') plan.leftOut.push(choice.leftOut);
    else if (choice.kind === 'take') taken.push({ path, stat: choice.stat, isUnchanged });
  }
  const sized = taken.map(({ path, stat }) => ({ path, sizeBytes: Number(stat.size) }));
  const { over, problem } = limitUntracked(sized, rules.snapshotLimit);
  if (problem !== null) plan.problems.push(problem);
  for (const { path, stat, isUnchanged } of taken) {
    if (over.has(path)) {
      elsewhere.push([path, 'size-limit']);
      continue;
    }
    plan.untracked.push(path);
    if (!isUnchanged) plan.edit.add.set(path, stat);
  }
  plan.leftOut.push(...foldLeftOut(elsewhere, rules.look));
}
