import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeCommand } from './node-command.ts';

const singleQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The command `runrecord` for POSIX shells. */
export function shellDoor(node: NodeCommand, program: string): string {
  const electron = node.isElectron ? 'ELECTRON_RUN_AS_NODE=1 ' : '';
  return `#!/bin/sh
# Node resets ignored signals (nohup) and raises the limit of open files before our code runs: what
# they were is handed on, for the program that is recorded.
while read -r key value; do
  [ "$key" = SigIgn: ] && ignored=$value
done 2>/dev/null </proc/$$/status
RUNRECORD_INHERITED="$ignored:$(ulimit -Sn)" ${electron}exec ${singleQuoted(node.path)} ${singleQuoted(program)} "$@"
`;
}

/** The same for Windows. */
export function windowsDoor(node: NodeCommand, program: string): string {
  const escaped = (text: string) => text.replaceAll('%', '%%');
  const electron = node.isElectron ? 'set "ELECTRON_RUN_AS_NODE=1"\r\n' : '';
  return `@echo off\r\nsetlocal\r\n${electron}"${escaped(node.path)}" "${escaped(program)}" %*\r\n`;
}

/**
 * Writes both into a folder that is there. Their place stays and what they name moves with each
 * update, so they are written anew; a terminal that reads one meanwhile finds the old or the new.
 */
export function writeDoors(folder: string, node: NodeCommand, program: string): void {
  writeIfOther(join(folder, 'runrecord'), shellDoor(node, program));
  if (process.platform === 'win32') {
    writeIfOther(join(folder, 'runrecord.cmd'), windowsDoor(node, program));
  }
}

function writeIfOther(path: string, content: string): void {
  try {
    if (readFileSync(path, 'utf8') === content) return;
  } catch {
    // It is not there yet.
  }
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  chmodSync(temporary, 0o755);
  renameSync(temporary, path);
}
