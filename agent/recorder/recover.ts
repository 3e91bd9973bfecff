import { existsSync, mkdirSync } from 'node:fs';
import * as v from 'valibot';
import { listAnchors, readAnchor } from '../capture/code/anchor.ts';
import { messageOf } from '../protocol/errors.ts';
import { RunId } from '../protocol/values.ts';
import { writeDurably } from '../store/durable.ts';
import { ensureHome, type Layout } from '../store/layout.ts';

/**
 * Brings back the journals of runs whose folders are gone (`git clean -fdx` removes `.runrecord/`)
 * from their anchors in the repository. What is there is left alone.
 */
export async function recoverRuns(
  layout: Layout,
): Promise<{ recovered: string[]; problems: string[] }> {
  const recovered: string[] = [];
  const problems: string[] = [];
  ensureHome(layout);
  for (const id of await listAnchors(layout.root)) {
    if (!v.is(RunId, id) || existsSync(layout.journal(id))) continue;
    try {
      const bytes = await readAnchor(layout.root, id);
      if (bytes === null) continue;
      mkdirSync(layout.runFolder(id), { recursive: true });
      writeDurably(layout.journal(id), bytes);
      recovered.push(id);
    } catch (error) {
      problems.push(`${id}: ${messageOf(error)}`);
    }
  }
  return { recovered, problems };
}
