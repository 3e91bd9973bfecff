import { spawnSync } from 'node:child_process';
import { findPythons } from './find-python.ts';
import {
  type Connection,
  connectKeeper,
  type KeeperMessage,
  restoreCommand,
} from './keeper-connection.ts';
import { type InheritedProgram, startInherited } from './keeper-inherited.ts';
import { specRecords } from './keeper-message.ts';
import { catchSignals, type SignalCatcher } from './keeper-signals.ts';
import type {
  Exit,
  Keeper,
  KeeperSpec,
  LaunchFailure,
  LiteralSecret,
  LogFacts,
  Started,
  Trouble,
} from './keeper-types.ts';

export type * from './keeper-types.ts';

/**
 * Starts the process that will stand between this one and the program: it holds the program's
 * terminal and pipes, keeps the log and sees the end, also when this process is killed. Nothing
 * of the program runs before `go`. Where no Python can run it, the program inherits the user's
 * descriptors and `logAbsent` says why.
 *
 * From `go` to `ended`, signals that reach this process are passed to the program, and standard
 * input, output and error are the keeper's: whoever writes to them meanwhile disturbs.
 */
export function startKeeper(spec: KeeperSpec): Keeper {
  const pythons = findPythons(process.env, process.cwd());
  const troubles: Trouble[] = [];
  const launched = Promise.withResolvers<Started | LaunchFailure>();
  const ended = Promise.withResolvers<Exit>();
  const quiet = Promise.withResolvers<LogFacts | null>();
  let python: string | undefined;
  let connection: Connection | undefined;
  let fallback: InheritedProgram | undefined;
  let signals: SignalCatcher | undefined;
  let modes: string | null = null;
  let logAbsent: string | null = null;
  let unfit = 'no Python 3.8 or newer was found';
  let phase: 'waiting' | 'asked' | 'launching' | 'over' = 'waiting';
  let found: readonly LiteralSecret[] = [];
  let isEnded = false;
  let interrupted = false;

  const command = (verb: string, value?: string) =>
    connection?.send([
      ['do', verb],
      ...(value === undefined ? [] : ([['value', value]] as [string, string][])),
    ]);

  const sendGo = () =>
    connection?.send([
      ['do', 'go'],
      ...found.map(({ rule, value }): [string, string] => ['secret', `${rule}=${value}`]),
    ]);

  const end = (exit: Exit) => {
    isEnded = true;
    signals?.dispose();
    ended.resolve(exit);
  };

  const pass = (name: NodeJS.Signals) => {
    if (name === 'SIGINT') interrupted = true;
    if (fallback === undefined) command('signal', name);
    else fallback.signal(name);
  };

  const receive = (message: KeeperMessage) => {
    if (message.type === 'unfit') unfit = message.message;
    else if (message.type === 'launching') phase = 'launching';
    else if (message.type === 'terminal') modes = message.modes;
    else if (message.type === 'trouble')
      troubles.push({ what: message.what, error: message.error });
    else if (message.type === 'stopped') signals?.stopGroup();
    else if (message.type === 'interrupted') {
      interrupted = true;
      if (message.group) signals?.signalGroup(message.signal);
    } else if (message.type === 'started') {
      const { process, keeper, startedAt } = message;
      launched.resolve({ kind: 'started', process, keeper, startedAt });
    } else if (message.type === 'launch-failed') {
      phase = 'over';
      signals?.dispose();
      launched.resolve(launchFailure(message.errno, message.message));
    } else if (message.type === 'ended') {
      modes = null;
      end({ known: true, ...message.exit, leftRunning: message.leftRunning });
    } else if (message.type === 'quiet') quiet.resolve(message.log);
  };

  const lose = () => {
    connection = undefined;
    if (phase === 'over') return;
    if (phase !== 'launching') {
      connect();
      return;
    }
    phase = 'over';
    if (modes !== null && python !== undefined) {
      spawnSync(python, restoreCommand(modes), { stdio: ['inherit', 'ignore', 'ignore'] });
    }
    const reason = 'the process that watched the program was killed';
    if (!isEnded) end({ known: false, reason });
    launched.resolve(launchFailure('EIO', reason));
    quiet.resolve(null);
  };

  /** The next interpreter, as long as nothing has run; after the last one, without a keeper. */
  const connect = () => {
    python = pythons.next().value ?? undefined;
    if (python === undefined) {
      if (phase === 'asked') inherit();
      return;
    }
    connection = connectKeeper(python, receive, lose);
    connection.send(specRecords(spec));
    if (phase === 'asked') sendGo();
  };

  const inherit = () => {
    if (spec.log !== null) logAbsent = `the terminal was inherited: ${unfit}`;
    phase = 'over';
    fallback = startInherited(spec, () => interrupted);
    fallback.launched.then(launched.resolve, launched.reject);
    fallback.ended.then((exit) => {
      end(exit);
      quiet.resolve(null);
    }, ended.reject);
  };

  connect();
  return {
    go(secrets = []) {
      found = secrets;
      phase = 'asked';
      const ownTerminal = spec.log !== null && python !== undefined;
      signals = catchSignals(
        { pass, suspend: () => command('suspend'), unsuspended: () => command('unsuspended') },
        ownTerminal,
      );
      if (connection === undefined) inherit();
      else sendGo();
      return launched.promise;
    },
    signal: pass,
    ended: ended.promise,
    quiet: quiet.promise,
    abandon() {
      phase = 'over';
      command('abandon');
      connection?.unref();
    },
    release() {
      phase = 'over';
      command('release');
      connection?.unref();
    },
    get logAbsent() {
      return logAbsent;
    },
    get interrupted() {
      return interrupted;
    },
    troubles,
  };
}

function launchFailure(errno: string, message: string): LaunchFailure {
  return { kind: 'launch-failure', errno, message, exitCode: errno === 'ENOENT' ? 127 : 126 };
}
