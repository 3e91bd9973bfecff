import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

// Counted up when what is generated changes, so that an old one is not measured.
const edition = 1;

const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org'];

/** The program that is measured: it prints the clock at its first line, in ns since 1970. */
const program = `import time
print(time.time_ns(), flush=True)
began = time.perf_counter()
import argparse, csv, json, os, random
with open("params.json") as file:
    params = json.load(file)
with open("data/input.bin", "rb") as file:
    data = file.read()
os.makedirs("out", exist_ok=True)
with open("out/model.bin", "wb") as file:
    file.write(data[::-1])
while time.perf_counter() - began < params["seconds"]:
    random.random()
`;

/**
 * A repository of `fileCount` tracked files with three edited and two untracked, kept below
 * `folder` for the next time. Records of an earlier measurement are removed from it.
 */
export function prepareRepository(folder: string, fileCount: number): string {
  const root = join(folder, `repository-${edition}-${fileCount}`);
  const whole = join(root, '.git', 'bench-complete');
  if (!existsSync(whole)) {
    generate(root, fileCount);
    writeFileSync(whole, '');
  }
  rmSync(join(root, '.runrecord'), { recursive: true, force: true });
  forgetSnapshots(root);
  dirty(root);
  // The index is as a user has it who has just looked at his own changes.
  git(root, ['status']);
  return root;
}

function generate(root: string, fileCount: number): void {
  rmSync(root, { recursive: true, force: true });
  write(root, 'train.py', program);
  write(root, 'params.json', '{ "seconds": 0.01, "lr": 0.1 }\n');
  write(root, 'data/input.bin', 'x'.repeat(1_000_000));
  write(root, '.gitignore', 'out/\n');
  for (let index = 4; index < fileCount; index += 1) write(root, sourcePath(index), text(index));
  git(root, ['-c', 'init.defaultBranch=main', 'init', '--quiet']);
  // Git's own housekeeping in the background would be measured too.
  git(root, ['config', 'gc.auto', '0']);
  git(root, ['add', '--all']);
  git(root, [...identity, 'commit', '--quiet', '--message', 'generated']);
  // A real clone of this size is packed.
  git(root, ['gc', '--quiet']);
}

function dirty(root: string): void {
  for (const index of [10, 20, 30]) write(root, sourcePath(index), `${text(index)}edited = True\n`);
  for (const name of ['notes.txt', 'src/scratch.py']) write(root, name, 'untracked\n');
}

function forgetSnapshots(root: string): void {
  const names = git(root, ['for-each-ref', '--format=delete %(refname)', 'refs/runrecord']);
  git(root, ['update-ref', '--stdin'], names);
}

function sourcePath(index: number): string {
  return `src/part-${Math.floor(index / 100)}/module_${index}.py`;
}

/** 100 to 4,000 bytes that differ from file to file. */
function text(index: number): string {
  return `value_${index} = ${index}\n`.repeat(5 + ((index * 37) % 150));
}

function write(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function git(root: string, args: string[], input = ''): string {
  return execFileSync('git', args, { cwd: root, input, encoding: 'utf8' });
}
