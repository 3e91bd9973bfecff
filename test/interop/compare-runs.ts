import type { Program } from './program.ts';
import type { PlainRun } from './run-program.ts';

/**
 * What a recorded run of a program printed and wrote that a plain one does not; none where both did
 * the same. `again` is a second plain run: where the two plain ones differ, so may the recorded one.
 */
export function findDifferences(
  program: Program,
  recorded: PlainRun,
  plain: PlainRun,
  again: PlainRun | null,
): string[] {
  const found: string[] = [];
  const [a, b] = [recorded.finished, plain.finished];
  if (a.code !== b.code || a.signal !== b.signal)
    found.push(`it ended with ${a.code ?? a.signal}, and plainly with ${b.code ?? b.signal}`);
  for (const stream of ['stdout', 'stderr'] as const) {
    const lines = [recorded, plain, again].map((run) =>
      run === null ? null : linesOf(run.finished[stream], program),
    );
    found.push(...differingLines(stream, lines[0] ?? [], lines[1] ?? [], lines[2] ?? null));
  }
  return [...found, ...differingFiles(program, recorded, plain, again)];
}

function linesOf(text: string, { unordered }: Program): string[] {
  const lines = text
    .split(/[\r\n]/)
    .filter((line) => !line.startsWith('runrecord: ') && line.trim() !== '')
    // A progress bar says how fast it was.
    .filter((line) => !/it\/s|s\/it|examples\/s/.test(line));
  return unordered === true ? lines.sort() : lines;
}

function differingLines(
  stream: string,
  recorded: string[],
  plain: string[],
  again: string[] | null,
): string[] {
  if (again !== null && again.length !== plain.length) return [];
  const found: string[] = [];
  for (let at = 0; at < Math.max(recorded.length, plain.length); at += 1) {
    if (recorded[at] === plain[at] || (again !== null && again[at] !== plain[at])) continue;
    found.push(
      `${stream}: ${JSON.stringify(recorded[at])} instead of ${JSON.stringify(plain[at])}`,
    );
  }
  return found;
}

function differingFiles(
  { varies }: Program,
  recorded: PlainRun,
  plain: PlainRun,
  again: PlainRun | null,
): string[] {
  const found: string[] = [];
  const isFixed = (path: string) => varies?.test(path) !== true;
  const [those, these] = [recorded.after, plain.after].map(
    (scan) => new Map([...scan].filter(([path]) => isFixed(path))),
  );
  for (const path of those?.keys() ?? [])
    if (these?.has(path) !== true) found.push(`it wrote ${path}, which it does not plainly`);
  for (const [path, file] of these ?? []) {
    const other = those?.get(path);
    if (other === undefined) found.push(`it did not write ${path}, which it does plainly`);
    else if (other.digest !== file.digest && again?.after.get(path)?.digest === file.digest)
      found.push(`it wrote other bytes to ${path}`);
    else if (other.digest !== file.digest && again === null) found.push(`other bytes: ${path}`);
  }
  return found;
}
