/** Every id that more than one room uses, written once. */

export const schemaVersion = 1;

/** File and folder names below the workspace root. */
export const files = {
  home: '.runrecord',
  settings: 'runrecord.yaml',
  runs: 'runs',
  objects: 'objects',
  judgements: 'judgements',
  cache: 'cache',
  decisions: 'decisions.jsonl',
  index: 'runs.sqlite',
  journal: 'journal.jsonl',
  record: 'record.json',
  log: 'output.log',
  events: 'events.jsonl',
  exit: 'exit.json',
  process: 'process.json',
  lock: 'lock',
  reserve: 'reserve',
  observed: 'observed',
  spec: 'spec.json',
  promoted: 'promoted',
} as const;

/** The three variables that a recorded program is given. */
export const variables = {
  runId: 'RUNRECORD_RUN_ID',
  folder: 'RUNRECORD_DIR',
  events: 'RUNRECORD_EVENTS',
} as const;

export const refs = { snapshots: 'refs/runrecord/', journals: 'refs/runrecord/journal/' } as const;

export const gateNames = [
  'dirty-tree',
  'unsaved-editors',
  'unresolved-config',
  'data-changed',
  'environment-drift',
  'retired-input',
  'rejected-before',
  'identical-run',
] as const;
export type GateName = (typeof gateNames)[number];

export const fieldNames = ['code', 'config', 'data', 'environment', 'artifacts'] as const;
export type FieldName = (typeof fieldNames)[number];

/** Folders watched for outputs where nothing was declared. */
export const defaultOutputs = [
  'out',
  'output',
  'outputs',
  'checkpoints',
  'runs',
  'results',
  'logs',
  'lightning_logs',
  'mlruns',
  'wandb',
  'models',
] as const;

/** Exit codes of the command line; `run` and `rerun` otherwise exit as the program did. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  warned: 3,
  blocked: 4,
  recorderFailed: 125,
  notExecutable: 126,
  notFound: 127,
} as const;

/** Liveness: a heartbeat this often; from another host, a run without one for so long is lost. */
export const heartbeatMs = 10_000;
export const heartbeatStaleMs = 60_000;
