import type { Change, Code } from '../../protocol/record.ts';
import { shortDigest } from '../text/short.ts';
import { countOf, formatSize } from '../text/size.ts';

import type { Facts } from './section.ts';

const mostListed = 20;

/** The code that ran, as facts: commit, changes, and what the snapshot does not hold. */
export function describeCode(code: Code): Facts {
  const facts: Facts = [];
  if (code.commit !== null || code.tree !== null) facts.push(['commit', describeCommit(code)]);
  if (code.remote !== null) facts.push(['remote', code.remote]);
  if (code.tree !== null) facts.push(['tree', code.tree]);
  if (code.snapshot !== null) facts.push(['snapshot', code.snapshot.ref]);
  facts.push(...describeChanges(code.changes));
  for (const { path, sizeBytes, reason } of code.leftOut.slice(0, mostListed)) {
    const size = sizeBytes === null ? '' : `, ${formatSize(sizeBytes)}`;
    facts.push(['left out', `${path} (${reason}${size})`]);
  }
  facts.push(...more('left out', code.leftOut.length));
  for (const { path, commit, clean } of [...code.submodules, ...code.repositories]) {
    const dirty = clean === false ? ', changed' : '';
    facts.push(['with', `${path} at ${commit?.slice(0, 12) ?? 'no commit'}${dirty}`]);
  }
  if (code.conversions.length > 0) {
    facts.push(['conversions', code.conversions.slice(0, mostListed).join(', ')]);
    facts.push(...more('conversions', code.conversions.length));
  }
  for (const { path, digest, reason } of (code.files ?? []).slice(0, mostListed)) {
    facts.push([
      'kept',
      `${path} ${shortDigest(digest)}${reason === undefined ? '' : `, ${reason}`}`,
    ]);
  }
  facts.push(...more('kept', code.files?.length ?? 0));
  return facts;
}

function describeCommit({ commit, branch, upstream, clean }: Code): string {
  const parts = [commit ?? 'none yet'];
  parts.push(branch === null ? 'detached' : `on ${branch}`);
  if (upstream !== null) {
    parts.push(
      `${upstream.ahead ?? '?'} ahead and ${upstream.behind ?? '?'} behind ${upstream.name}`,
    );
  }
  if (clean !== null) parts.push(clean ? 'clean' : 'with uncommitted changes');
  return parts.join(', ');
}

function describeChanges(changes: Code['changes']): Facts {
  if (typeof changes === 'string') {
    return [['changed', `more than 2,000 files, listed in object ${shortDigest(changes)}`]];
  }
  const listed = changes
    .slice(0, mostListed)
    .map((change): [string, string] => [
      change.kind,
      `${change.from === undefined ? '' : `${change.from} -> `}${change.path}${describePlaces(change)}`,
    ]);
  return [...listed, ...more('changed', changes.length)];
}

function describePlaces({ staged, unstaged, untracked }: Change): string {
  const places = [staged && 'staged', unstaged && 'unstaged', untracked && 'untracked'];
  const words = places.filter((place) => place !== false);
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function more(label: string, count: number): Facts {
  return count > mostListed ? [[label, `and ${countOf(count - mostListed, 'more file')}`]] : [];
}
