import * as v from 'valibot';
import { unknownRecord } from '../core/unknown-record.ts';
import { RunRecord } from '../protocol/record.ts';

/**
 * The record of a launch line. A whole one is taken as it stands, with members that this version
 * does not know. In a damaged one, or one that comes from elsewhere, each member that has not its
 * shape is replaced by an unknown, and the five fields say so. Null where not even the id is there.
 */
export function parseLaunch(data: unknown): RunRecord | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  if (v.is(RunRecord, data)) return data;
  const given = data as Record<string, unknown>;
  if (!v.is(RunRecord.entries.id, given.id)) return null;
  const damaged: string[] = [];
  const identity = { id: given.id, workspaceId: '', createdAt: createdAtOf(given.id) };
  const lost = { status: 'failed', detail: 'damaged in the launch line', durationMs: 0 } as const;
  const repaired: Record<string, unknown> = { ...unknownRecord(identity, lost) };
  for (const [member, schema] of Object.entries(RunRecord.entries)) {
    if (v.is(schema as v.GenericSchema, given[member])) repaired[member] = given[member];
    else damaged.push(member);
  }
  const record = repaired as unknown as RunRecord;
  const detail = `damaged in the launch line: ${damaged.join(', ')}`;
  const failed = { status: 'failed', detail, durationMs: 0 } as const;
  const capture = { ...record.capture };
  if (damaged.includes('artifacts') || damaged.includes('outputs')) capture.artifacts = failed;
  for (const field of ['code', 'config', 'data', 'environment'] as const) {
    if (damaged.includes(field)) capture[field] = failed;
  }
  return { ...record, capture, complete: false };
}

/** A UUIDv7 begins with the milliseconds since 1970. */
function createdAtOf(id: string): string {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toISOString();
}
