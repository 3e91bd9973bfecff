import assert from 'node:assert/strict';
import { leavesOf } from './leaves.ts';
import type { RecordedProgram } from './program.ts';

/**
 * That the record's resolved configuration is, key for key, what the program held, as it wrote it
 * down itself; and that each key tells where it came from.
 */
export function holdsConfig(
  { record, workspace }: RecordedProgram,
  path: string,
  origins: Record<string, string> = {},
): void {
  const held = JSON.parse(workspace.read(path)) as Record<string, unknown>;
  assert.deepEqual(record.config.resolved, held);
  const kinds = Object.fromEntries(
    Object.entries(record.config.origins).map(([key, { kind }]) => [key, kind]),
  );
  for (const key of leavesOf(held)) assert.ok(kinds[key] !== undefined, `${key} has no origin`);
  for (const [key, kind] of Object.entries(origins)) assert.equal(kinds[key], kind, key);
}
