import type { RunStatus } from '../agent/protocol/record.ts';

/** How a status is drawn everywhere: a codicon and a colour of the theme. */
export interface StatusLook {
  icon: string;
  /** Null: the colour of the text. */
  color: string | null;
}

const looks: Record<RunStatus, StatusLook> = {
  preparing: { icon: 'circle-outline', color: 'testing.iconQueued' },
  queued: { icon: 'circle-outline', color: 'testing.iconQueued' },
  running: { icon: 'sync~spin', color: null },
  succeeded: { icon: 'pass-filled', color: 'testing.iconPassed' },
  failed: { icon: 'error', color: 'testing.iconFailed' },
  killed: { icon: 'stop-circle', color: 'testing.iconSkipped' },
  cancelled: { icon: 'stop-circle', color: 'testing.iconSkipped' },
  lost: { icon: 'debug-disconnect', color: 'testing.iconErrored' },
};

export const lookOf = (status: RunStatus): StatusLook => looks[status];

/** Whether its end is still to come. */
export const isLive = (status: RunStatus): boolean =>
  status === 'preparing' || status === 'queued' || status === 'running';
