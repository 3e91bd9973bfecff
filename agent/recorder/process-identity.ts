import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ProcessIdentity } from '../protocol/record.ts';

/** The name of this machine, as records hold it. */
export const hostName: string = hostname();

/** The id of this boot of the kernel, or null where there is none to read. */
export function readBootId(): string | null {
  if (process.platform === 'linux') return readText('/proc/sys/kernel/random/boot_id');
  if (process.platform === 'darwin') return outputOf('sysctl', ['-n', 'kern.bootsessionuuid']);
  return null;
}

/** Null when there is no such process, or only a zombie, which has ended and awaits its parent. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const startTime = readStartTime(pid);
  if (startTime === undefined) return null;
  return { pid, startTime, bootId: readBootId(), pidNamespace: readPidNamespace() };
}

/**
 * Whether that very process still runs. Null where it cannot be told from here: a pid of another
 * pid namespace (a container) says nothing in ours.
 */
export function isSameProcessAlive(identity: ProcessIdentity): boolean | null {
  const bootId = readBootId();
  if (identity.bootId !== null && bootId !== null && identity.bootId !== bootId) return false;
  const namespace = readPidNamespace();
  const theirs = identity.pidNamespace ?? null;
  if (theirs !== null && namespace !== null && theirs !== namespace) return null;
  const startTime = readStartTime(identity.pid);
  if (startTime === undefined) return false;
  return identity.startTime === null || startTime === null || identity.startTime === startTime;
}

/** Undefined: no such process. Null: it is there, and nobody says since when. */
function readStartTime(pid: number): string | null | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') {
    const fields = parseStat(readText(`/proc/${pid}/stat`));
    if (fields === null || fields.state === 'Z' || fields.state === 'X') return undefined;
    return fields.startTime;
  }
  if (process.platform === 'win32') return exists(pid) ? null : undefined;
  const line = outputOf('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
  if (line === null) return exists(pid) ? null : undefined;
  const [state = '', ...words] = line.split(/\s+/);
  return state.startsWith('Z') ? undefined : words.join(' ');
}

/** A process's name may hold spaces and parentheses: the fields begin after the last one. */
function parseStat(text: string | null): { state: string; startTime: string } | null {
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields[0], fields[19]];
  return state === undefined || startTime === undefined ? null : { state, startTime };
}

function readPidNamespace(): string | null {
  if (process.platform !== 'linux') return null;
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

/** In the C locale and UTC, so that two readers of one process see the same words. */
function outputOf(command: string, args: string[]): string | null {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const { status, stdout } = spawnSync(command, args, { env, encoding: 'utf8' });
  const text = status === 0 ? stdout.trim() : '';
  return text === '' ? null : text;
}
