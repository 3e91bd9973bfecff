import { hostname } from 'node:os';
import { foldEvent } from '../../core/fold.ts';
import { deriveLifecycle, type LivenessFacts } from '../../core/liveness.ts';
import { files } from '../../protocol/names.ts';
import type { ProcessIdentity, RunRecord } from '../../protocol/record.ts';
import { readExitFile, readProcessFile } from '../exit-file.ts';
import { readLock } from '../lock.ts';
import { parseEvent } from '../parse-event.ts';
import { type ChainEnd, readReserve } from '../reserve.ts';

/** How processes are told apart; `agent/recorder/process-identity.ts` has the real one. */
export interface ProcessProbe {
  /** Null where there is no such process. */
  identifyProcess(pid: number): ProcessIdentity | null;
  isAlive(identity: ProcessIdentity): boolean;
}

/** A run as its journal tells it. */
export interface JournaledRun {
  record: RunRecord;
  recorder: ProcessIdentity | null;
  keeper: ProcessIdentity | null;
  last: ChainEnd;
}

/**
 * The record as it is now: with closing lines that a full disk kept out of the journal, and with
 * the lifecycle that the world shows. Nothing is written.
 */
export function currentRecord(
  run: JournaledRun,
  runFolder: string,
  probe: ProcessProbe,
): RunRecord {
  let record: RunRecord | null = run.record;
  for (const { line } of readReserve(`${runFolder}/${files.reserve}`, run.last)) {
    const event = parseEvent(line);
    if (event !== null && typeof event !== 'string') record = foldEvent(record, event);
  }
  const known = record ?? run.record;
  const lifecycle = deriveLifecycle(
    known,
    gatherFacts({ ...run, record: known }, runFolder, probe),
  );
  return lifecycle === known.lifecycle ? known : { ...known, lifecycle };
}

/** What the folder and the process table say of a run. */
export function gatherFacts(
  { record, recorder: journaled, keeper: started }: JournaledRun,
  runFolder: string,
  probe: ProcessProbe,
): LivenessFacts {
  const lock = readLock(runFolder);
  const processFile = readProcessFile(runFolder);
  const recorder = journaled ?? lock?.process ?? null;
  const keeper = started ?? processFile?.keeper ?? null;
  const program = record.lifecycle.process ?? processFile?.process ?? null;
  const here = probe.identifyProcess(process.pid);
  const known = recorder ?? keeper ?? program;
  const hereBoot = here?.bootId ?? null;
  // Where a side does not know its namespace, its pids are taken as ours.
  const [theirs, ours] = [known?.pidNamespace, here?.pidNamespace];
  const runBoot = known?.bootId ?? null;
  const host = lock?.host ?? record.command.launcher.host;
  const isAlive = (identity: ProcessIdentity | null) =>
    identity !== null && probe.isAlive(identity);
  return {
    nowMs: Date.now(),
    // The same boot id is the same kernel, whatever a container calls itself.
    sameHost: host === null || host === hostname() || (runBoot !== null && runBoot === hereBoot),
    sameBoot: runBoot === null || hereBoot === null || runBoot === hereBoot,
    samePidNamespace: !theirs || !ours || theirs === ours,
    recorderAlive: isAlive(recorder),
    keeperAlive: isAlive(keeper),
    programAlive: isAlive(program),
    processFile,
    exit: readExitFile(runFolder),
    hasKeeper: keeper !== null,
  };
}
