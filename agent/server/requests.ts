import type { CancellationToken } from 'vscode-languageserver/node';
import { compareRuns } from '../core/compare-runs.ts';
import { writeConfigText } from '../core/describe/config-text.ts';
import { describeDocument, titleOf } from '../core/describe/document.ts';
import { writeEnvironmentText } from '../core/describe/environment-text.ts';
import { describeSince } from '../core/describe/since.ts';
import type { RequestName, Requests } from '../protocol/rpc.ts';
import type { Shown } from '../protocol/verbs.ts';
import { findPrevious } from '../store/index/find-previous.ts';
import { checkLaunch } from './check-launch.ts';
import { findRun } from './find-run.ts';
import type { Folders } from './folders.ts';
import { listLaunchables } from './launchables.ts';
import { listRuns } from './list-runs.ts';
import type { Session } from './session.ts';
import { stopRun } from './stop-run.ts';

export interface RequestContext {
  session: Session;
  folders: Folders;
  token: CancellationToken;
}

type Handler<M extends RequestName> = (
  params: Requests[M]['params'],
  context: RequestContext,
) => Promise<Requests[M]['result']>;

/** Every request beyond LSP, and who answers it. */
export const requestHandlers: { [M in RequestName]: Handler<M> } = {
  'runrecord/list': listRuns,
  'runrecord/show': async ({ id }, context) => {
    const { record, index } = await findRun(id, context);
    return { ...record, trust: index.trustOf(record.id) };
  },
  'runrecord/artifacts': async ({ id }, context) => (await findRun(id, context)).record.artifacts,
  'runrecord/document': describeRun,
  'runrecord/config': async ({ id }, context) => ({
    text: writeConfigText((await findRun(id, context)).record.config),
  }),
  'runrecord/environment': async ({ id }, context) => ({
    text: writeEnvironmentText((await findRun(id, context)).record.environment),
  }),
  'runrecord/compare': async ({ a, b }, context) => {
    const [one, other] = [await findRun(a, context), await findRun(b, context)];
    return compareRuns(one.record, other.record, {
      all: false,
      compareCode: await codeComparer(one.root, context.session),
    });
  },
  'runrecord/launchables': listLaunchables,
  'runrecord/check': checkLaunch,
  'runrecord/stop': stopRun,
};

async function describeRun(
  { id }: Requests['runrecord/document']['params'],
  context: RequestContext,
): Promise<Requests['runrecord/document']['result']> {
  const { record, index, root } = await findRun(id, context);
  const nowMs = context.session.deps.now();
  const shown: Shown = { ...record, trust: index.trustOf(record.id) };
  const previousId = findPrevious(index, record);
  const previous = previousId === null ? null : index.record(previousId);
  const compareCode = await codeComparer(root, context.session);
  const since =
    previous === null ? null : await compareRuns(previous, record, { all: false, compareCode });
  return {
    title: titleOf(record),
    text: describeDocument(
      shown,
      previous === null || since === null ? null : describeSince(previous, since, nowMs),
      nowMs,
    ),
  };
}

/** Null where git is not to be run. */
async function codeComparer(root: string, { trusted }: Session) {
  if (!trusted) return null;
  const { compareCode } = await import('../capture/code/compare-code.ts');
  return (a: Parameters<typeof compareCode>[0], b: Parameters<typeof compareCode>[1]) =>
    compareCode(a, b, root);
}
