/** Every id that the manifest and the code share, written once; a test holds both against each other. */

/**
 * Its manifest's `publisher.name`.
 *
 * @public
 */
export const extensionId = 'run-record.run-record';

export const commandIds = {
  launchRun: 'runrecord.launchRun',
  showRecord: 'runrecord.showRecord',
  showLog: 'runrecord.showLog',
  compareWithPrevious: 'runrecord.compareWithPrevious',
  compareSelected: 'runrecord.compareSelected',
  compareEnvironments: 'runrecord.compareEnvironments',
  copyRunId: 'runrecord.copyRunId',
  openRunFolder: 'runrecord.openRunFolder',
  openArtifact: 'runrecord.openArtifact',
  copyDigest: 'runrecord.copyDigest',
  refreshRuns: 'runrecord.refreshRuns',
  showOlderRuns: 'runrecord.showOlderRuns',
  showRunning: 'runrecord.showRunning',
  stopRun: 'runrecord.stopRun',
  restartAgent: 'runrecord.restartAgent',
  showAgentLog: 'runrecord.showAgentLog',
} as const;
export type CommandId = (typeof commandIds)[keyof typeof commandIds];

/** @public */
export const containerId = 'runrecord';
export const runsViewId = 'runrecord.runs';

/** Keys of when-clauses that the extension sets. */
export const contextKeys = {
  /** An `AgentState`. */
  state: 'runrecord.state',
  /** Rows are shown. */
  hasRuns: 'runrecord.hasRuns',
  /** There are older runs than those shown. */
  hasOlder: 'runrecord.hasOlder',
  /** A folder is in no git repository. */
  withoutGit: 'runrecord.withoutGit',
} as const;

export const settingIds = {
  gates: 'runrecord.gates',
  addToPath: 'runrecord.terminal.addToPath',
} as const;

/** First words of a tree item's `contextValue`, which menus go by. */
export const itemKinds = { run: 'run', artifact: 'artifact' } as const;
/** A further word of a run's: there is an earlier one of its name. */
export const hasPrevious = 'previous';
/** And one that goes on. */
export const goesOn = 'live';

/** Of the readable documents: record, configuration, environment, log. */
export const documentScheme = 'runrecord';
