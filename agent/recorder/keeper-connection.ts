import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ProcessIdentity } from '../protocol/record.ts';
import { encodeMessage } from './keeper-message.ts';
import type { ExitFacts, LogFacts } from './keeper-types.ts';

/** What the keeper says, one JSON object a line. */
export type KeeperMessage =
  | { type: 'ready' }
  | { type: 'unfit'; message: string }
  /** From here on the program may run: it must not be started a second time. */
  | { type: 'launching' }
  | { type: 'started'; process: ProcessIdentity; keeper: ProcessIdentity; startedAt: string }
  | { type: 'launch-failed'; errno: string; message: string }
  /** The user's terminal is raw, and `modes` are what it had before; null: given back. */
  | { type: 'terminal'; modes: string | null }
  /** `group`: by hand, the terminal would have signalled the recorder's process group too. */
  | { type: 'interrupted'; signal: NodeJS.Signals; group: boolean }
  | { type: 'stopped'; signal: string }
  | { type: 'trouble'; what: string; error: string; trace?: string }
  | { type: 'ended'; exit: ExitFacts; leftRunning: boolean }
  | { type: 'quiet'; log: LogFacts | null };

export interface Connection {
  send(records: [key: string, value: string | Buffer][]): void;
  /** Lets this process end while the keeper lives. */
  unref(): void;
}

/** The keeper's script, beside this code from source and beside the bundle when built. */
const script = findScript();

/** The keeper as a child of this process, on descriptor 3; `onClose` when it has gone. */
export function connectKeeper(
  python: string,
  onMessage: (message: KeeperMessage) => void,
  onClose: () => void,
): Connection {
  const child = spawn(python, [...pythonOptions(), script], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  let closed = false;
  const close = () => {
    if (!closed) onClose();
    closed = true;
  };
  child.on('error', close);
  const socket = socketOf(child);
  if (socket === null) return { send: () => {}, unref: () => {} };
  // A keeper that was killed resets the connection; the close that follows says all.
  socket.on('error', () => {});
  readLines(socket, (line) => onMessage(JSON.parse(line) as KeeperMessage));
  socket.on('close', close);
  return {
    send: (records) => {
      if (!closed && socket.writable) socket.write(encodeMessage(records));
    },
    unref: () => {
      child.unref();
      if ('unref' in socket && typeof socket.unref === 'function') socket.unref();
    },
  };
}

/** Gives the user's terminal back the modes that a killed keeper could not. */
export function restoreCommand(modes: string): string[] {
  return [...pythonOptions(), script, '--restore', modes];
}

/**
 * Isolated and without `site`: 7 ms instead of 10 to 37. The bytecode goes to the user's own
 * cache, as the product's folder may be read-only; by the script's ctime, since installed files
 * may all bear one mtime, by which Python would take old bytecode for new.
 */
function pythonOptions(): string[] {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const version = Math.trunc(statSync(script).ctimeMs).toString(36);
  return ['-I', '-S', '-X', `pycache_prefix=${join(cache, 'runrecord', 'python', version)}`];
}

function findScript(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [join(here, '../python/keeper.py'), join(here, 'python/keeper.py')];
  const found = places.find((place) => statSync(place, { throwIfNoEntry: false })?.isFile());
  return found ?? join(here, '../python/keeper.py');
}

/** Not by `node:readline`, which throws when the connection is reset. */
function readLines(socket: Duplex, onLine: (line: string) => void): void {
  let pending = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (pending + text).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}

function socketOf(child: ChildProcess): Duplex | null {
  return (child.stdio[3] as Duplex | null | undefined) ?? null;
}
