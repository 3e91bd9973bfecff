import { accessSync, type BigIntStats, constants, readlinkSync } from 'node:fs';
import { statKey } from '../../core/seams.ts';
import type { LeftOut } from '../../protocol/record.ts';
import { type BytePath, onDisk, recordedPath } from '../byte-path.ts';
import type { Look } from './look.ts';
import type { Place } from './placement.ts';
import { holdsSecret, isSecretName } from './secrets.ts';

/** What becomes of one file in the snapshot. */
export type Choice =
  | { kind: 'take'; stat: BigIntStats }
  | { kind: 'gone' }
  | { kind: 'left-out'; leftOut: LeftOut };

export interface ChoiceRules {
  top: string;
  look: Look;
  place: (path: BytePath) => Place;
  snapshotFileLimit: number;
  /** What untracked files may be all together. */
  snapshotLimit: number;
  /** Larger files are told by their stat: a launch does not wait for their digest. */
  hashLimit: number;
  digestFile: (path: Buffer) => Promise<string>;
  /** Texts that are secret wherever they stand, as the bytes of a file. */
  secrets: readonly string[];
}

/** For a file that is tracked, wherever it lies: it stays unless it is too large or unreadable. */
export async function chooseTracked(path: BytePath, rules: ChoiceRules): Promise<Choice> {
  const stat = rules.look(path);
  if (stat === null || stat.isDirectory()) return { kind: 'gone' };
  return chooseBySize(path, stat, rules);
}

/** For a file that is not tracked and is code by its place. `known`: it was searched before. */
export async function chooseUntracked(
  path: BytePath,
  known: boolean,
  rules: ChoiceRules,
): Promise<Choice> {
  const stat = rules.look(path);
  if (stat === null || stat.isDirectory()) return { kind: 'gone' };
  if (isSecretName(path)) return leftOut(path, stat, 'secret');
  const choice = await chooseBySize(path, stat, rules);
  if (choice.kind !== 'take' || known || stat.isSymbolicLink()) return choice;
  try {
    const holds = holdsSecret(rules.top, path, Number(stat.size), rules.secrets);
    return holds ? leftOut(path, stat, 'secret') : choice;
  } catch {
    return leftOut(path, stat, 'unreadable');
  }
}

async function chooseBySize(
  path: BytePath,
  stat: BigIntStats,
  rules: ChoiceRules,
): Promise<Choice> {
  const file = onDisk(rules.top, path);
  try {
    if (stat.isSymbolicLink()) readlinkSync(file);
    else if (!stat.isFile()) return leftOut(path, stat, 'unreadable');
    else accessSync(file, constants.R_OK);
    if (stat.isFile() && stat.size > BigInt(rules.snapshotFileLimit)) {
      if (stat.size > BigInt(rules.hashLimit)) return pinned(path, stat);
      return leftOut(path, stat, 'size-limit', await rules.digestFile(file));
    }
  } catch {
    return leftOut(path, stat, 'unreadable');
  }
  return { kind: 'take', stat };
}

/** An entry of `leftOut`. */
export function leftOut(
  path: BytePath,
  stat: BigIntStats | null,
  reason: LeftOut['reason'],
  digest: string | null = null,
): Choice & { kind: 'left-out' } {
  const sizeBytes = stat === null ? null : Number(stat.size);
  return { kind: 'left-out', leftOut: { ...recordedPath(path), sizeBytes, digest, reason } };
}

function pinned(path: BytePath, stat: BigIntStats): Choice & { kind: 'left-out' } {
  const entry = leftOut(path, stat, 'size-limit').leftOut;
  return { kind: 'left-out', leftOut: { ...entry, stat: statKey(stat) } };
}

/** Whether two looks at a file saw the same file in the same state. */
export function isSameState(a: BigIntStats, b: BigIntStats): boolean {
  return (
    a.ino === b.ino &&
    a.size === b.size &&
    a.mtimeNs === b.mtimeNs &&
    a.ctimeNs === b.ctimeNs &&
    a.mode === b.mode
  );
}
