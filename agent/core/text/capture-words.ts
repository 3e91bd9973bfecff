import type { CaptureStatus } from '../../protocol/record.ts';

/** How the state of a field's capture is said, wherever a record is shown. */
export const captureWords: Record<CaptureStatus['status'], string> = {
  captured: 'ok',
  partial: 'partial',
  absent: 'none',
  failed: 'failed',
  pending: 'pending',
};
