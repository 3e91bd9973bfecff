import { compileWhere } from '../core/where.ts';
import type { Requests, RunSummary } from '../protocol/rpc.ts';
import type { RunIndex } from '../store/index/open-index.ts';
import { selectRuns } from '../store/index/select-runs.ts';
import type { RequestContext } from './requests.ts';

type List = Requests['runrecord/list'];

/** The runs of all folders or of one, newest first unless another order is asked for. */
export async function listRuns(
  params: List['params'],
  { folders, session, token }: RequestContext,
): Promise<List['result']> {
  const limit = params.limit ?? 0;
  const nowMs = session.deps.now();
  const where = params.where?.trim() ? params.where : null;
  // A mistake in it is told where nothing is recorded, too.
  if (where !== null) compileWhere(where, { nowMs });
  const { revision } = folders;
  const seen = new Set<string>();
  const rows: RunSummary[] = [];
  for (const folder of folders.all()) {
    if (params.folder !== undefined && !folder.is(params.folder)) continue;
    const open = await folder.open();
    if (open === null || token.isCancellationRequested) continue;
    const { ids } = selectRuns(open.index, {
      where,
      sort: params.sort ?? null,
      limit,
      nowMs,
    });
    const counts = countArtifacts(open.index, ids);
    for (const row of open.index.rows({ ids })) {
      // Folders of one workspace show the same runs: each stands once.
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      rows.push({ ...row, folder: folder.path, artifactCount: counts.get(row.id) ?? 0 });
    }
  }
  if (params.sort === undefined) rows.sort(byNewest);
  return { revision, rows: limit > 0 ? rows.slice(0, limit) : rows };
}

function byNewest(a: RunSummary, b: RunSummary): number {
  const [x, y] = [`${a.createdAt} ${a.id}`, `${b.createdAt} ${b.id}`];
  return x < y ? 1 : x > y ? -1 : 0;
}

function countArtifacts(index: RunIndex, ids: readonly string[]): Map<string, number> {
  const rows = index.query(
    `SELECT run_id, count(*) AS count FROM artifacts
      WHERE run_id IN (SELECT value FROM json_each(?)) GROUP BY run_id`,
    [JSON.stringify(ids)],
  );
  return new Map(rows.map(({ run_id, count }) => [String(run_id), Number(count)]));
}
