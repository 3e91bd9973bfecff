import { RunRecordError } from '../protocol/errors.ts';
import type { Requests } from '../protocol/rpc.ts';
import type { RequestContext } from './requests.ts';

/** What the gates say of a launch in a folder. Runs git, so only where the workspace is trusted. */
export async function checkLaunch(
  params: Requests['runrecord/check']['params'],
  { session }: RequestContext,
): Promise<Requests['runrecord/check']['result']> {
  if (!session.trusted) {
    throw new RunRecordError(
      'untrusted',
      'Nothing is checked or launched in a workspace that is not trusted.',
      'Trust the workspace first.',
    );
  }
  const { checkOnly } = await import('../recorder/launch/check-only.ts');
  return checkOnly(
    {
      named: params.named,
      argv: params.argv,
      name: null,
      reason: null,
      config: [],
      data: [],
      outputs: [],
      tags: {},
      gates: params.gates ?? {},
      keepLog: true,
      quiet: true,
      recordFile: null,
    },
    {
      cwd: params.cwd ?? params.folder,
      environment: session.deps.environment,
      isTerminal: false,
    },
    params.unsaved,
  );
}
