import { fieldNames } from '../../protocol/names.ts';
import type { RunRecord } from '../../protocol/record.ts';
import type { Shown } from '../../protocol/verbs.ts';
import { captureWords } from '../text/capture-words.ts';
import { escapeMarkdown, fence, layOutMarkdownTable } from '../text/markdown.ts';
import { quoteWord } from '../text/quote-word.ts';
import { shortId } from '../text/short.ts';
import { countOf } from '../text/size.ts';
import { makeVisible, makeVisibleLines } from '../text/visible.ts';
import { describeCourse } from './course.ts';
import { describeInputs } from './inputs.ts';
import { describeResults } from './results.ts';
import { dropEmpty, mostRows, type Section } from './section.ts';

/** What a run is called where it stands alone. */
export function titleOf({ name, id }: Pick<RunRecord, 'name' | 'id'>): string {
  return `${makeVisible(name ?? 'run')} ${shortId(id)}`;
}

/** A run as a document in Markdown. `since`: what changed since the run before, in a sentence. */
export function describeDocument(record: Shown, since: string | null, nowMs: number): string {
  const sections = dropEmpty([...describeResults(record), ...describeInputs(record, nowMs)]);
  const lines = [
    `# ${escapeMarkdown(titleOf(record))}`,
    '',
    `**${describeState(record).join(', ')}**: ${escapeMarkdown(describeCourse(record, nowMs))}`,
    '',
    ...fence([makeVisible(record.command.argv.map(quoteWord).join(' '))], 'sh'),
    ...describeIntent(record),
    ...describeCapture(record),
    ...(since === null ? [] : ['', escapeMarkdown(since)]),
    ...describeFailure(record),
    ...sections.flatMap(layOutSection),
    '',
    '## Identity',
    '',
    ...layOutFacts([
      ['id', record.id],
      ['made', record.lifecycle.createdAt],
      ['started', record.lifecycle.startedAt ?? '-'],
      ['ended', record.lifecycle.endedAt ?? '-'],
      ['fingerprint', record.fingerprint ?? '-'],
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function describeState({ lifecycle, trust }: Shown): string[] {
  return [
    lifecycle.status,
    ...(lifecycle.unattended ? ['unattended'] : []),
    ...(lifecycle.inferred ? ['by its last heartbeat'] : []),
    ...(trust === 'ok' ? [] : [trust]),
  ];
}

function describeIntent({ intent, parent, rerunOf }: RunRecord): string[] {
  const tags = Object.entries(intent.tags).map(([key, value]) => `${key}=${value}`);
  const said = [
    ...(intent.reason === null ? [] : [`> ${escapeMarkdown(intent.reason)}`]),
    ...(intent.expectation === null ? [] : [`Expected: ${escapeMarkdown(intent.expectation)}`]),
    ...(tags.length === 0 ? [] : [`Tags: ${escapeMarkdown(tags.join(', '))}`]),
    ...(parent === null ? [] : [`Part of ${shortId(parent)}`]),
    ...(rerunOf === null ? [] : [`Rerun of ${shortId(rerunOf)}`]),
  ];
  return said.flatMap((line) => ['', line]);
}

function describeCapture({ capture, complete }: RunRecord): string[] {
  const fields = fieldNames.map((field) => `${field} ${captureWords[capture[field].status]}`);
  const gaps = fieldNames.flatMap((field) => {
    const { status, detail } = capture[field];
    return status === 'captured' || detail === null
      ? []
      : [`- ${field}: ${escapeMarkdown(detail)}`];
  });
  const title = complete ? 'Complete record' : 'Incomplete record';
  return ['', `${title}: ${fields.join(', ')}`, ...(gaps.length === 0 ? [] : ['', ...gaps])];
}

function describeFailure({ lifecycle: { failure } }: RunRecord): string[] {
  if (failure === null) return [];
  const traceback = makeVisibleLines(failure.traceback ?? '').filter((line) => line !== '');
  return [
    ...['', `## Failure (${failure.kind})`, ''],
    escapeMarkdown(failure.message),
    ...(traceback.length === 0 ? [] : ['', ...fence(traceback)]),
  ];
}

function layOutSection(section: Section): string[] {
  const title = ['', `## ${section.title}`, ''];
  if (section.kind === 'facts') return [...title, ...layOutFacts(section.facts)];
  const { columns, rows, one } = section;
  const more = rows.length - mostRows;
  return [
    ...title,
    ...layOutMarkdownTable(columns, rows.slice(0, mostRows)),
    ...(more > 0 ? ['', `and ${countOf(more, `more ${one}`)}`] : []),
  ];
}

function layOutFacts(facts: readonly (readonly [label: string, text: string])[]): string[] {
  return facts.map(([label, text]) => `- ${escapeMarkdown(label)}: ${escapeMarkdown(text)}`);
}
