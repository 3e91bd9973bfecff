import { readFileSync } from 'node:fs';

/** The text of a small file, or null where it cannot be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Its first line without space around it; null also where that is empty. */
export function readLine(path: string): string | null {
  return readText(path)?.split('\n')[0]?.trim() || null;
}
