import { stripVTControlCharacters } from 'node:util';
import { describeCourse } from '../core/describe/course.ts';
import { captureWords } from '../core/text/capture-words.ts';
import { quoteWord } from '../core/text/quote-word.ts';
import { shortId } from '../core/text/short.ts';
import { makeVisible, makeVisibleLines } from '../core/text/visible.ts';
import { displayWidth, fitText } from '../core/text/width.ts';
import { wrapText } from '../core/text/wrap.ts';
import { fieldNames } from '../protocol/names.ts';
import type { RunRecord } from '../protocol/record.ts';
import type { Shown } from '../protocol/verbs.ts';
import type { Output } from './output.ts';

/** Who the run is, how it went, and whether its record is whole. */
export function describeHeader(record: Shown, output: Output, nowMs: number): string[] {
  const { intent, lifecycle, command, id, name, trust } = record;
  const state = [
    shortId(id),
    output.paint(lifecycle.status, lifecycle.status),
    ...(lifecycle.unattended ? ['unattended'] : []),
    ...(lifecycle.inferred ? ['(by its last heartbeat)'] : []),
    ...(trust === 'ok' ? [] : [output.paint(trust, 'warn')]),
  ];
  // The name gives way: the state and the id must be seen whole.
  const room = output.width - displayWidth(stripVTControlCharacters(state.join('  '))) - 2;
  const title = fitText(makeVisible(name ?? 'run'), Math.max(8, room));
  const tags = Object.entries(intent.tags).map(([key, value]) => `${key}=${value}`);
  const wrap = (text: string): string[] => wrapText(makeVisible(text), output.width);
  return [
    [output.paint(title, 'strong'), ...state].join('  '),
    ...wrap(command.argv.map(quoteWord).join(' ')),
    ...wrap(describeCourse(record, nowMs)),
    ...(intent.reason === null ? [] : wrap(`"${intent.reason}"`)),
    ...(intent.expectation === null ? [] : wrap(`expected: ${intent.expectation}`)),
    ...(tags.length === 0 ? [] : wrap(`tags ${tags.join(', ')}`)),
    ...(record.parent === null ? [] : [`part of ${shortId(record.parent)}`]),
    ...(record.rerunOf === null ? [] : [`rerun of ${shortId(record.rerunOf)}`]),
    ...describeFailure(record, output),
    ...describeCapture(record, output),
  ];
}

const mostLines = 30;

function describeFailure({ lifecycle }: RunRecord, output: Output): string[] {
  const { failure } = lifecycle;
  if (failure === null) return [];
  const traceback = makeVisibleLines(failure.traceback ?? '').filter((line) => line !== '');
  const message = wrapText(makeVisible(failure.message), output.width - 2);
  // The end of a traceback says what happened; its beginning is the way there.
  return [
    output.paint(`Failure (${failure.kind})`, 'failed'),
    ...message.map((line) => `  ${line}`),
    ...(traceback.length > mostLines ? ['  ...'] : []),
    ...traceback.slice(-mostLines).map((line) => `  ${line}`),
  ];
}

const styles = {
  captured: 'clean',
  partial: 'warn',
  absent: 'quiet',
  failed: 'failed',
  pending: 'quiet',
};

/** The five fields in a line, and each gap in a line of its own. */
function describeCapture({ capture, complete }: RunRecord, output: Output): string[] {
  const fields = fieldNames.map((field) => {
    const { status } = capture[field];
    return { plain: `${field} ${captureWords[status]}`, style: styles[status], field, status };
  });
  const title = `${complete ? 'Complete' : 'Incomplete'} record:`;
  const lines = wrapText([title, ...fields.map((field) => field.plain)].join('  '), output.width);
  const painted = lines.map((line) =>
    fields.reduce(
      (text, { field, plain, style, status }) =>
        text.replace(plain, `${field} ${output.paint(captureWords[status], style)}`),
      line,
    ),
  );
  const gaps = fieldNames.flatMap((field) => {
    const { status, detail } = capture[field];
    if (status === 'captured' || detail === null) return [];
    const text = wrapText(`${field}: ${makeVisible(detail)}`, output.width - 2);
    return text.map((line) => `  ${line}`);
  });
  return [...painted, ...gaps];
}
