import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openObservedFolder, pythonSite } from '../agent/recorder/observed/observed-folder.ts';
import { workspaceLayout } from '../agent/store/layout.ts';
import { manyFiles, preparePrograms } from './capture-programs.ts';
import type { Comparison } from './capture-table.ts';
import { measure, minimum, type Samples, type Subject } from './measure.ts';

/** What the recorder inside Python adds: to a start, to computing, and to opening many files. */
export async function compareHook(
  folder: string,
  python: string,
  turns: number,
  hasStrace: boolean,
): Promise<Comparison[]> {
  const cwd = preparePrograms(folder);
  const layout = workspaceLayout(cwd);
  const id = 'bench';
  mkdirSync(layout.runFolder(id), { recursive: true });
  openObservedFolder(layout, id, []);
  const inside = [`PYTHONPATH=${pythonSite()}`, `RUNRECORD_DIR=${layout.runFolder(id)}`];
  const traces = mkdtempSync(join(tmpdir(), 'trace-'));
  const subjects = (name: string, args: string[]): Subject[] => {
    const traced = ['strace', '-f', '-qq', '--seccomp-bpf', '-o', join(traces, 'trace')];
    const watched = ['-e', 'trace=openat,open,rename,renameat,renameat2,unlinkat,execve'];
    return [
      { name, command: 'env', args: [python, ...args], cwd },
      { name: `${name}, inside`, command: 'env', args: [...inside, python, ...args], cwd },
      ...(hasStrace
        ? [
            {
              name: `${name}, strace`,
              command: 'env',
              args: [...traced, ...watched, python, ...args],
              cwd,
            },
          ]
        : []),
    ];
  };
  const pass = await measure(subjects('pass', ['-c', 'pass']), 2 * turns);
  const busy = await measure(subjects('busy', ['busy.py', '40000']), turns);
  const files = await measure(subjects('files', ['reader.py']), turns);
  const [start, computing, opening] = [
    timesOf(pass, 'pass'),
    timesOf(busy, 'busy'),
    timesOf(files, 'files'),
  ];
  return [
    {
      what: 'a start of Python (`python -c pass`)',
      peers: start,
      budget: { limit: '8 ms more', kept: start.inside - start.plain <= 8 },
    },
    {
      what: 'a program that computes',
      peers: computing,
      budget: { limit: '1.03 x', kept: computing.inside <= 1.03 * computing.plain },
    },
    {
      what: `a program that opens ${manyFiles.toLocaleString('en')} files`,
      peers: opening,
      budget: null,
    },
  ];
}

function timesOf(
  samples: Samples,
  name: string,
): { plain: number; inside: number } & Record<string, number> {
  const least = (subject: string) =>
    minimum((samples.get(subject) ?? []).map(({ wholeMs }) => wholeMs));
  const strace = least(`${name}, strace`);
  return {
    plain: least(name),
    inside: least(`${name}, inside`),
    ...(Number.isFinite(strace) ? { strace } : {}),
  };
}
