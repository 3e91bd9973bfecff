import type { BaseIssue } from 'valibot';
import { nearestWord } from '../core/text/nearest.ts';
import { gateNames } from '../protocol/names.ts';

const topKeys =
  'version runs data outputs gates criteria approvals ignore limits redact remotes'.split(' ');
const runKeys = 'command cwd config data outputs tags gates'.split(' ');
const limitKeys = ['snapshotFile', 'snapshot', 'log', 'hashBefore'];

/** What is wrong with the settings in the user's words, and what to do. */
export function explainIssue(
  issue: BaseIssue<unknown>,
  path: readonly string[],
): { said: string; action: string } {
  const key = path.join('.');
  if (issue.expected === 'never') {
    const known = keysBelow(path.slice(0, -1));
    const near = nearestWord(path.at(-1) ?? '', known);
    const action = near === null ? `Known here: ${known.join(', ')}.` : `Did you mean ${near}?`;
    return { said: `the key ${key} is unknown`, action };
  }
  if (path.length === 1 && key === 'version') {
    return {
      said:
        issue.input === undefined
          ? 'the key version is missing'
          : `version is ${found(issue.input)}`,
      action: 'Write `version: 1`; other versions belong to other releases.',
    };
  }
  if (issue.input === undefined) {
    return {
      said: `the key ${key} is missing`,
      action: `Add it: expected ${expectation(issue, path)}.`,
    };
  }
  return {
    said: `${key} is ${found(issue.input)}, expected ${expectation(issue, path)}`,
    action: `Change ${key}.`,
  };
}

function keysBelow(path: readonly string[]): string[] {
  if (path.at(-1) === 'gates') return [...gateNames];
  if (path[0] === 'runs' && path.length === 2) return runKeys;
  if (path[0] === 'data' && path.length === 2) return ['path', 'digest'];
  return path[0] === 'limits' ? limitKeys : topKeys;
}

function expectation(issue: BaseIssue<unknown>, path: readonly string[]): string {
  const [first, , third] = path;
  if (first === 'limits') return 'a size such as 10MB, 1.5GiB or a number of bytes';
  if (path.includes('gates') && path.at(-2) === 'gates') return 'allow, warn or block';
  if (third === 'digest') return '`sha256:` and 64 hexadecimal digits';
  if (third === 'command') return 'a command or a list of words';
  if (first === 'approvals') return 'a whole number from 1';
  const kind = issue.expected?.replace(/^\((.*)\)$/, '$1') ?? 'something else';
  const words: Record<string, string> = { Array: 'a list', Object: 'a map', string: 'a text' };
  return words[kind] ?? kind;
}

function found(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
