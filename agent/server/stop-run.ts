import { RunRecordError } from '../protocol/errors.ts';
import type { Requests } from '../protocol/rpc.ts';
import { workspaceLayout } from '../store/layout.ts';
import { findRun } from './find-run.ts';
import type { RequestContext } from './requests.ts';

/** Stops a run that goes on. A signal to a process that a record names: in trusted folders only. */
export async function stopRun(
  { id, force }: Requests['runrecord/stop']['params'],
  context: RequestContext,
): Promise<Requests['runrecord/stop']['result']> {
  if (!context.session.trusted) {
    throw new RunRecordError(
      'untrusted',
      'Nothing is stopped in a workspace that is not trusted.',
      'Trust the workspace first, or press Ctrl-C in the terminal of the run.',
    );
  }
  const { record, root } = await findRun(id, context);
  const { stopRun: stop } = await import('../recorder/stop-run.ts');
  return { stopped: stop(workspaceLayout(root), record, force) };
}
