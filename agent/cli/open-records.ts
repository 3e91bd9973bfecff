import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { RunRecordError } from '../protocol/errors.ts';
import { openIndex } from '../store/index/open-index.ts';
import type { ProcessProbe } from '../store/index/probe.ts';
import { writeJudgement } from '../store/judgements.ts';
import { ensureHome, workspaceLayout } from '../store/layout.ts';
import { findWorkspaceRoot } from '../store/workspace-root.ts';
import type { Records } from './deps.ts';

/** The records of the workspace of a folder, brought up to date. `notice` is told what is odd. */
export function openRecords(options: {
  cwd: string;
  probe: ProcessProbe;
  notice: (text: string) => void;
}): Records {
  const layout = workspaceLayout(findWorkspaceRoot(options.cwd));
  const index = openIndex(layout, { probe: options.probe, notice: options.notice });
  return {
    root: layout.root,
    refresh: () => index.refresh(),
    rows: (ids) => index.rows({ ids }),
    record: (id) => index.record(id),
    trustOf: (id) => index.trustOf(id),
    resolveRef: (ref) => {
      try {
        return index.resolveRef(ref);
      } catch (thrown) {
        const path = pathInWorkspace(ref, options.cwd, layout.root);
        const isUnknown = thrown instanceof RunRecordError && thrown.code === 'not-found';
        if (!isUnknown || path === null || path === ref) throw thrown;
        return index.resolveRef(path);
      }
    },
    query: (sql, params) => index.query(sql, params),
    runFolder: (id) => layout.runFolder(id),
    lastHash: (id) => index.lastHash(id),
    writeJudgement: (judgement) => {
      ensureHome(layout);
      writeJudgement(layout, judgement);
    },
    close: () => index.close(),
  };
}

/** A path as records have it, from one that was typed in some folder; null outside the workspace. */
function pathInWorkspace(ref: string, cwd: string, root: string): string | null {
  const path = relative(root, resolve(realFolder(cwd), ref));
  if (path === '' || path.startsWith('..')) return null;
  return path.split(sep).join('/');
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
