import type { RunRecord } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';
import type { Comparison } from '../../protocol/verbs.ts';
import { formatAge } from '../text/duration.ts';
import { shortDigest, shortId } from '../text/short.ts';
import { formatValue } from '../text/value.ts';
import { makeVisible } from '../text/visible.ts';
import { fitText } from '../text/width.ts';

const mostChanges = 6;
const longestValue = 40;

/** What went in otherwise than in the run of this name before, in a sentence. */
export function describeSince(previous: RunRecord, since: Comparison, nowMs: number): string {
  const changes = listChanges(since);
  const more = changes.length - mostChanges;
  const listed = [
    ...changes.slice(0, mostChanges),
    ...(more > 0 ? [`${more} more (runrecord diff ${shortId(since.a)} ${shortId(since.b)})`] : []),
  ];
  const what =
    listed.length > 0
      ? listed.join('; ')
      : since.gaps.length > 0
        ? 'nothing that is recorded'
        : 'nothing';
  const age = formatAge(previous.lifecycle.startedAt ?? previous.lifecycle.createdAt, nowMs);
  return `Since the previous run of this name (${shortId(previous.id)}, ${age}): ${what}`;
}

const short = (value: Json | undefined): string =>
  fitText(makeVisible(typeof value === 'string' ? value : formatValue(value)), longestValue);

function listChanges(since: Comparison): string[] {
  const count = (sign: string, lines: number | null): string =>
    lines === null ? '' : ` ${sign}${lines}`;
  return [
    ...since.config.map(({ key, a, b }) => describeChange(key, a, b)),
    ...since.code.files.map(
      ({ path, added, removed }) =>
        `${makeVisible(path)}${count('+', added)}${count('-', removed)}`,
    ),
    ...since.data.filter(({ change }) => change !== 'unknown').map(describeData),
    ...since.environment.map(({ name, a, b }) => describeChange(name, a, b)),
    ...since.command
      .filter(({ name }) => name === 'argv' || name === 'cwd' || name.startsWith('$'))
      .map(({ name, a, b }) => (name === 'argv' ? 'the command' : describeChange(name, a, b))),
  ];
}

function describeChange(name: string, a: Json | undefined, b: Json | undefined): string {
  const label = makeVisible(name);
  if (a === undefined) return `${label} ${short(b)} (new)`;
  return b === undefined ? `${label} (gone)` : `${label} ${short(a)} -> ${short(b)}`;
}

function describeData({ path, change, a, b }: Comparison['data'][0]): string {
  const label = makeVisible(path);
  if (change === 'added') return `${label} (new)`;
  if (change === 'removed') return `${label} (gone)`;
  return `${label} ${shortDigest(a)} -> ${shortDigest(b)}`;
}
