import { readdirSync, readFileSync, statSync } from 'node:fs';

const cachedMs = 100;

/**
 * Tells which files the processes of a run hold open for writing, from /proc; null where that
 * cannot be known (not Linux, or no right to look). One look costs some milliseconds for a large
 * tree of processes, so its answer is used again for 100 ms.
 */
export function createWriterProbe(rootPid: () => number | null): () => Set<string> | null {
  let answer: Set<string> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - askedAt < cachedMs) return answer;
    const pid = rootPid();
    answer = process.platform === 'linux' && pid !== null ? filesHeldForWriting(pid) : null;
    askedAt = performance.now();
    return answer;
  };
}

/** `dev:ino` of each regular file that `pid` or a descendant of it has open for writing. */
function filesHeldForWriting(pid: number): Set<string> | null {
  const held = new Set<string>();
  const open = [pid];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    const folder = `/proc/${current}`;
    try {
      for (const fd of readdirSync(`${folder}/fd`)) {
        const id = heldFile(`${folder}/fd/${fd}`, `${folder}/fdinfo/${fd}`);
        if (id !== null) held.add(id);
      }
      for (const thread of readdirSync(`${folder}/task`)) {
        const children = readFileSync(`${folder}/task/${thread}/children`, 'latin1');
        open.push(...children.split(' ').filter(Boolean).map(Number));
      }
    } catch (error) {
      // A process that has ended holds nothing; one that we may not look into could hold anything.
      if ((error as NodeJS.ErrnoException).code === 'EACCES') return null;
    }
  }
  return held;
}

function heldFile(link: string, info: string): string | null {
  try {
    const stat = statSync(link, { bigint: true });
    if (!stat.isFile()) return null;
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(info, 'latin1'))?.[1] ?? '0';
    const writes = (Number.parseInt(flags, 8) & 3) !== 0;
    return writes ? `${stat.dev}:${stat.ino}` : null;
  } catch {
    return null;
  }
}
