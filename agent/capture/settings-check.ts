import * as v from 'valibot';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { RunRecordError } from '../protocol/errors.ts';
import { exitCodes, files } from '../protocol/names.ts';
import { Settings } from '../protocol/settings.ts';
import { explainIssue } from './settings-explain.ts';

/** More aliases than this are an attack, not settings. */
const maxAliasCount = 100;
const maxCharacters = 1_000_000;

/**
 * The settings in the text of `runrecord.yaml` (YAML 1.2).
 *
 * @throws RunRecordError `bad-settings`, exit 2: the place, what was expected, what to do
 */
export function checkSettings(text: string): Settings {
  const lines = new LineCounter();
  if (text.length > maxCharacters) {
    throw refuse(
      '1:1',
      `it has ${text.length} characters`,
      'Settings are a page long, not a book.',
    );
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const action = 'Correct the YAML at that place.';
    throw refuse(placeOf(lines, error.pos[0]), lowerFirst(error.message), action);
  }
  const value = readValue(document);
  if (value === null || value === undefined) {
    throw refuse('1:1', 'it is empty', 'Begin it with `version: 1`, or remove it.');
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw refuse('1:1', 'it holds no map of settings', 'Begin it with `version: 1`.');
  }
  const result = v.safeParse(Settings, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = (issue.path ?? []).map((item) => String(item.key));
  const { said, action } = explainIssue(issue, path);
  const place = findPlace(document, path);
  const offset = issue.expected === 'never' ? place.key : place.value;
  throw refuse(placeOf(lines, offset), said, action);
}

function readValue(document: Document.Parsed): unknown {
  try {
    const value = document.toJS({ maxAliasCount });
    // An alias that holds itself cannot be written out.
    JSON.stringify(value);
    return value;
  } catch {
    throw refuse('1:1', 'its aliases grow too large or do not exist', 'Write the values out.');
  }
}

/** The offsets of a key and of its value; of a key that is missing, those of its parent. */
function findPlace(document: Document.Parsed, path: readonly string[]) {
  let node: unknown = document.contents;
  let key = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [i, segment] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === segment,
      );
      if (pair === undefined) return { key, value: key };
      if (isNode(pair.key)) key = pair.key.range?.[0] ?? key;
      node = pair.value;
    } else {
      node = document.getIn(path.slice(0, i + 1), true);
      if (isNode(node)) key = node.range?.[0] ?? key;
    }
  }
  return { key, value: isNode(node) && node.range ? node.range[0] : key };
}

function placeOf(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${Math.max(line, 1)}:${Math.max(col, 1)}`;
}

function refuse(place: string, said: string, action: string): RunRecordError {
  const message = `${files.settings}:${place}: ${said}.`;
  return new RunRecordError('bad-settings', message, action, exitCodes.usage);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
