import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { dropSnapshot } from '../../capture/code/drop-snapshot.ts';
import type { Found } from '../../capture/code/repository.ts';
import { HashPool } from '../../capture/data/hash-pool.ts';
import { readEnvironmentFiles } from '../../capture/environment-files.ts';
import { loadSettings } from '../../capture/settings.ts';
import type { LaunchOptions } from '../../core/launch-options.ts';
import { createRedactor, type Redactor } from '../../core/redaction/redactor.ts';
import { secretRules } from '../../core/redaction/secret-rules.ts';
import { describeGate } from '../../core/text/gate-line.ts';
import { makeVisible } from '../../core/text/visible.ts';
import { messageOf, RunRecordError } from '../../protocol/errors.ts';
import { exitCodes, files } from '../../protocol/names.ts';
import type { Check } from '../../protocol/verbs.ts';
import { openDigestCache } from '../../store/digest-cache.ts';
import { openWrittenPaths } from '../../store/index/written-paths.ts';
import { ensureHome, type Layout, workspaceLayout } from '../../store/layout.ts';
import { newId } from '../../store/new-id.ts';
import { keepObject } from '../../store/objects.ts';
import { findWorkspaceRoot } from '../../store/workspace-root.ts';
import { createIgnoredTest } from '../ignored.ts';
import { type Keeper, type KeeperSpec, startKeeper } from '../keeper.ts';
import { announceLaunch } from '../live.ts';
import { openObservedFolder } from '../observed/observed-folder.ts';
import { scanOutputs, writeStats } from '../outputs/scan.ts';
import { timestamp } from '../recording.ts';
import { assembleRecord, withCheck } from './assemble-record.ts';
import { beginRecord } from './begin-record.ts';
import { captureLaunch } from './capture-launch.ts';
import { checkCaptured } from './check-launch.ts';
import { createDataProgress } from './data-progress.ts';
import { findEarlier } from './earlier.ts';
import { catchInterruption, Interrupted, type Interruption } from './interruption.ts';
import { type LaunchPlan, planLaunch } from './plan.ts';
import { programEnvironment } from './program-environment.ts';
import { type Launched, recordProgram } from './record-program.ts';
import { refuseLaunch } from './refuse-launch.ts';
import { undoLaunch } from './undo-launch.ts';

const longestUnwindMs = 2_000;

export interface RecorderContext {
  cwd: string;
  environment: NodeJS.ProcessEnv;
  isTerminal: boolean;
  /** A line for the user, on standard error. */
  tell(line: string): void;
  /** The command that finishes a record whose recorder is gone. */
  attendCommand(root: string, id: string): string[];
  /** What git said of the workspace's root, where it was asked before. */
  repository?: Promise<Found>;
  /** Adopts a program that is held, where one is; else it is spawned by a keeper. */
  holdProgram?(spec: KeeperSpec): Keeper;
}

/**
 * Records one run: captures, makes the launch part durable, starts the program, watches it, and
 * closes the record. Answers what the process should exit with.
 *
 * @throws RunRecordError with exit code 125 where the record cannot be kept: nothing has run then
 */
export async function launchRun(options: LaunchOptions, context: RecorderContext): Promise<number> {
  const root = findWorkspaceRoot(context.cwd);
  const settings = await loadSettings(root);
  const plan = planLaunch(options, { root, cwd: context.cwd, settings });
  const layout = workspaceLayout(root);
  const workspaceId = ensureHome(layout);
  const id = newId();
  const { environment } = context;
  const interruption = catchInterruption(environment);
  const redactor = createRedactor({
    extraNames: settings.redact,
    environment: { ...readEnvironmentFiles([root, plan.cwd]), ...environment },
  });
  const { seen, given } = programEnvironment(environment, layout, id);
  const keeper = (context.holdProgram ?? startKeeper)({
    argv: plan.argv,
    cwd: plan.cwd,
    environment: given,
    folder: layout.runFolder(id),
    log: options.keepLog
      ? { path: join(layout.runFolder(id), files.log), limitBytes: settings.limits.log }
      : null,
    secrets: redactor.literalSecrets(),
    rules: [...secretRules],
    finish: context.attendCommand(root, id),
  });
  const preparing = prepare({
    options,
    context,
    plan,
    layout,
    workspaceId,
    id,
    redactor,
    environment: seen,
    keeper,
    interruption,
  });
  let launched: Launched | null;
  try {
    launched = await Promise.race([preparing, interruption.raised]);
  } catch (error) {
    keeper.abandon();
    // What is under way (git, above all) is waited for, or it would leave something behind.
    await Promise.race([preparing.catch(() => null), wait(longestUnwindMs)]);
    await undoLaunch(layout, id);
    interruption.dispose();
    if (!(error instanceof Interrupted)) throw beforeStart(error);
    context.tell('runrecord: stopped before the program was started; nothing was recorded');
    return error.exitCode;
  }
  if (launched !== null) return recordProgram(launched);
  interruption.dispose();
  await undoLaunch(layout, id);
  return exitCodes.blocked;
}

interface Preparation {
  options: LaunchOptions;
  context: RecorderContext;
  plan: LaunchPlan;
  layout: Layout;
  workspaceId: string;
  id: string;
  redactor: Redactor;
  /** As the program sees it. */
  environment: NodeJS.ProcessEnv;
  keeper: Keeper;
  interruption: Interruption;
}

/** All that comes before the program: null where a gate stops it. */
async function prepare(preparation: Preparation): Promise<Launched | null> {
  const { options, context, plan, layout, id, redactor, keeper, interruption } = preparation;
  const createdAt = timestamp();
  announceLaunch(layout, id);
  const cache = openDigestCache(layout);
  const pool = new HashPool();
  const keep = (bytes: Uint8Array) => keepObject(layout, bytes);
  const written = openWrittenPaths(layout);
  const [captured, outputs] = await Promise.all([
    captureLaunch({
      plan,
      id,
      workspaceId: preparation.workspaceId,
      createdAt,
      environment: preparation.environment,
      cacheFolder: layout.cache,
      repository: context.repository,
      cache,
      pool,
      keepObject: keep,
      isWritten: written.has,
      redactor,
      signal: interruption.signal,
      progress: options.quiet ? undefined : createDataProgress(tellVisible(context)),
    }),
    scanOutputs({
      directories: plan.outputs.directories,
      ignored: createIgnoredTest(layout, plan.settings.ignore),
    }),
  ]);
  written.close();
  const record = assembleRecord({
    id,
    createdAt,
    workspaceId: preparation.workspaceId,
    plan,
    captured,
    redactor,
    environment: context.environment,
    isTerminal: context.isTerminal,
    statsAtLaunch: outputs.size === 0 ? null : keep(Buffer.from(writeStats(outputs))),
  });
  const earlier = await findEarlier(layout, record.fingerprint, cache);
  interruption.check();
  const check = checkCaptured({ plan, captured, ...earlier, hunks: [] });
  tellGates(check, context);
  if (check.verdict === 'block') {
    keeper.abandon();
    await dropSnapshot(record.code, plan.root);
    refuseLaunch(layout, {
      at: createdAt,
      argv: redactor.redactArgv(plan.argv),
      check: redactor.redactStrings(check, 'check'),
    });
    return null;
  }
  const begun = await keepLaunch(
    () => {
      const begun = beginRecord(layout, withCheck(record, check), redactor);
      if (options.recordFile !== null) {
        writeRecordFile(resolve(context.cwd, options.recordFile), id, begun.discard);
      }
      openObservedFolder(layout, id, plan.settings.redact);
      return begun;
    },
    () => dropSnapshot(record.code, plan.root),
  );
  const { programFiles } = captured;
  return { ...begun, ...preparation, cache, pool, outputs, programFiles };
}

/** Nothing is left of a launch whose record could not be made. */
async function keepLaunch<T>(keep: () => T, undo: () => Promise<void>): Promise<T> {
  try {
    return keep();
  } catch (error) {
    await undo();
    throw error;
  }
}

function writeRecordFile(path: string, id: string, discard: () => void): void {
  try {
    writeFileSync(path, `${id}\n`);
  } catch (error) {
    discard();
    throw new RunRecordError(
      'record-file',
      `The record's id cannot be written to ${path}: ${messageOf(error)}.`,
      'Name a file in a folder that you may write to.',
      exitCodes.recorderFailed,
    );
  }
}

function tellVisible({ tell }: RecorderContext): (line: string) => void {
  return (line) => tell(makeVisible(line));
}

/** What the gates found goes to standard error, also with `--quiet`. */
function tellGates(check: Check, context: RecorderContext): void {
  for (const gate of check.gates) {
    if (gate.verdict === 'clean') continue;
    const word = gate.verdict === 'block' ? 'blocked' : 'warning';
    context.tell(`runrecord: ${word}: ${makeVisible(describeGate(gate))} (${gate.gate})`);
    if (gate.verdict === 'block' && gate.action !== null) context.tell(gate.action);
  }
}

function beforeStart(error: unknown): unknown {
  if (error instanceof RunRecordError) return error;
  return new RunRecordError(
    'recorder-failed',
    `The program was not started, as its record cannot be made: ${messageOf(error)}.`,
    'Mend the cause and launch again, or run the command without runrecord.',
    exitCodes.recorderFailed,
  );
}
