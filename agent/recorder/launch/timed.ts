import type { Captured } from '../../core/seams.ts';
import { messageOf } from '../../protocol/errors.ts';
import type { CaptureStatus } from '../../protocol/record.ts';

export interface Timed<T extends Captured<unknown>> {
  captured: T;
  status: CaptureStatus;
}

/**
 * Runs the capture of one field and times it. What it throws is its failure, told in the record:
 * one field that cannot be read does not cost the others.
 */
export async function timed<V, T extends Captured<V>>(
  capture: () => Promise<T>,
  fallback: (detail: string) => T,
): Promise<Timed<T>> {
  const startMs = performance.now();
  const captured = await capture().catch((error: unknown) => fallback(messageOf(error)));
  const durationMs = Math.round((performance.now() - startMs) * 10) / 10;
  return { captured, status: { status: captured.status, detail: captured.detail, durationMs } };
}
