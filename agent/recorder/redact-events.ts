import { readFileSync, writeFileSync } from 'node:fs';
import { parseProgramEvent } from '../core/program-events.ts';
import type { Redactor } from '../core/redaction/redactor.ts';
import { files } from '../protocol/names.ts';

/**
 * The events file is the program's own; what looks like a credential in it is taken out, by its
 * form and by the name that it stands under. Lines without any stay byte for byte.
 */
export function redactEvents(path: string, redactor: Redactor): void {
  try {
    const text = readFileSync(path, 'utf8');
    const safe = text
      .split('\n')
      .map((line) => redactor.redactText(redactNamed(line, redactor), files.events))
      .join('\n');
    if (safe !== text) writeFileSync(path, safe);
  } catch {
    // No events, or a disk that is full: the digest in the journal is of what is there.
  }
}

function redactNamed(line: string, redactor: Redactor): string {
  const event = parseProgramEvent(line);
  if (event?.type === 'custom') {
    const value = redactor.redactValue(event.key, event.value, files.events);
    return value === event.value ? line : JSON.stringify({ ...event, value });
  }
  if (event?.type !== 'config') return line;
  const values = redactor.redactTree(event.values, files.events);
  const isSame = JSON.stringify(values) === JSON.stringify(event.values);
  return isSame ? line : JSON.stringify({ ...event, values });
}
