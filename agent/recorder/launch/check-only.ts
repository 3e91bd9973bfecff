import { findHunks } from '../../capture/code/find-hunks.ts';
import { HashPool } from '../../capture/data/hash-pool.ts';
import { readEnvironmentFiles } from '../../capture/environment-files.ts';
import { loadSettings } from '../../capture/settings.ts';
import type { LaunchOptions } from '../../core/launch-options.ts';
import { createRedactor } from '../../core/redaction/redactor.ts';
import type { Check } from '../../protocol/verbs.ts';
import { sha256 } from '../../store/digest.ts';
import { openDigestCache } from '../../store/digest-cache.ts';
import { openWrittenPaths } from '../../store/index/written-paths.ts';
import { ensureHome, workspaceLayout } from '../../store/layout.ts';
import { findWorkspaceRoot } from '../../store/workspace-root.ts';
import { timestamp } from '../recording.ts';
import { assembleRecord } from './assemble-record.ts';
import { captureLaunch } from './capture-launch.ts';
import { checkCaptured } from './check-launch.ts';
import { findEarlier } from './earlier.ts';
import type { RecorderContext } from './launch-run.ts';
import { planLaunch } from './plan.ts';

/** A run that is never made: its id stands nowhere. */
const noId = '00000000-0000-7000-8000-000000000000';

/**
 * What the gates say of a launch. Captures all of it as a launch does, and keeps nothing.
 * `unsaved`: files that an editor holds with changes, relative to the workspace.
 */
export async function checkOnly(
  options: LaunchOptions,
  context: Pick<RecorderContext, 'cwd' | 'environment' | 'isTerminal'>,
  unsaved: readonly string[] = [],
): Promise<Check> {
  const root = findWorkspaceRoot(context.cwd);
  const settings = await loadSettings(root);
  const plan = planLaunch(options, { root, cwd: context.cwd, settings });
  const layout = workspaceLayout(root);
  const workspaceId = ensureHome(layout);
  const { environment } = context;
  const redactor = createRedactor({
    extraNames: settings.redact,
    environment: { ...readEnvironmentFiles([root, plan.cwd]), ...environment },
  });
  const cache = openDigestCache(layout);
  const pool = new HashPool();
  const written = openWrittenPaths(layout);
  try {
    const createdAt = timestamp();
    const captured = await captureLaunch({
      plan,
      id: null,
      workspaceId,
      createdAt,
      environment,
      cacheFolder: layout.cache,
      cache,
      pool,
      keepObject: sha256,
      isWritten: written.has,
      redactor,
    });
    const record = assembleRecord({
      id: noId,
      createdAt,
      workspaceId,
      plan,
      captured,
      redactor,
      environment,
      isTerminal: context.isTerminal,
      statsAtLaunch: null,
    });
    const earlier = await findEarlier(layout, record.fingerprint, cache);
    const hunks = await findHunks(captured.code.captured.value, root);
    return checkCaptured({ plan, captured, ...earlier, hunks, unsaved });
  } finally {
    written.close();
    cache.close();
    await pool.close();
  }
}
