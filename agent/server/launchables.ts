import { resolve } from 'node:path';
import { loadSettings } from '../capture/settings.ts';
import { quoteWord } from '../core/text/quote-word.ts';
import { makeVisible } from '../core/text/visible.ts';
import { RunRecordError } from '../protocol/errors.ts';
import type { Launchable, Requests } from '../protocol/rpc.ts';
import { findWorkspaceRoot } from '../store/workspace-root.ts';
import type { OpenFolder } from './folder-records.ts';
import type { RequestContext } from './requests.ts';

const mostRecent = 10;
/** Rows that are looked through for distinct commands. */
const mostLooked = 500;

/** What can be launched in a folder: the runs of runrecord.yaml, then commands of late. */
export async function listLaunchables(
  { folder: path }: Requests['runrecord/launchables']['params'],
  { folders, session }: RequestContext,
): Promise<Launchable[]> {
  const folder = folders.find(path);
  const named = await listNamed(path, session.tell);
  const open = (await folder?.open()) ?? null;
  const recent = open === null ? [] : listRecent(open);
  const known = new Set(named.map(({ key }) => key));
  return [
    ...named.map(({ launchable }) => launchable),
    ...recent.filter(({ argv, cwd }) => !known.has(keyOf(argv, cwd))).slice(0, mostRecent),
  ];
}

const keyOf = (argv: readonly string[], cwd: string): string => [cwd, ...argv].join('\0');
const labelOf = (argv: readonly string[]): string => makeVisible(argv.map(quoteWord).join(' '));

async function listNamed(folder: string, tell: RequestContext['session']['tell']) {
  const root = findWorkspaceRoot(folder);
  try {
    const settings = await loadSettings(root);
    return [...settings.runs].map(([name, run]) => {
      const cwd = resolve(root, run.cwd ?? '.');
      const label = labelOf(run.argv);
      const launchable: Launchable = { kind: 'named', name, argv: [], label, cwd };
      return { launchable, key: keyOf(run.argv, cwd) };
    });
  } catch (thrown) {
    if (!(thrown instanceof RunRecordError)) throw thrown;
    const { code, message, action } = thrown;
    tell({ code, message, action, folder });
    return [];
  }
}

/** Distinct commands, newest first. One that held a secret cannot be run again as it is. */
function listRecent({ index, root }: OpenFolder): Launchable[] {
  const rows = index.query(
    `SELECT name, argv, cwd FROM runs ORDER BY created_at DESC, id DESC LIMIT ${mostLooked}`,
  );
  const found = new Map<string, Launchable>();
  for (const row of rows) {
    const argv = JSON.parse(String(row.argv)) as string[];
    if (argv.length === 0 || argv.some((word) => word.includes('[redacted: '))) continue;
    const cwd = resolve(root, String(row.cwd ?? '.'));
    const key = keyOf(argv, cwd);
    if (found.has(key)) continue;
    const name = row.name === null ? (argv[0] ?? '') : String(row.name);
    found.set(key, { kind: 'recent', name, argv, label: labelOf(argv), cwd });
  }
  return [...found.values()];
}
