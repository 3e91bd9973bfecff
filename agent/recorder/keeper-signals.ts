import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Signals that are for the program although they reach the recorder. */
const passedOn: NodeJS.Signals[] = [
  'SIGINT',
  'SIGTERM',
  'SIGQUIT',
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGCONT',
];

export interface SignalTargets {
  pass(name: NodeJS.Signals): void;
  /** The user's terminal wants the program stopped. */
  suspend(): void;
  /** Nothing stopped this process, though the program is: there is no shell to continue it. */
  unsuspended(): void;
}

export interface SignalCatcher {
  /** What a terminal does with Ctrl-C: the whole process group, this process apart. */
  signalGroup(name: NodeJS.Signals): void;
  /** The program has been stopped: so is this process group, until the shell continues it. */
  stopGroup(): void;
  dispose(): void;
}

/** How long a stop that the kernel throws away (no shell with job control) is waited for. */
const discardedStopMs = 50;

/**
 * Catches what is meant for the program, from now until `dispose`. With `ownTerminal` the program
 * has a terminal of its own, which must be told of a new size and of Ctrl-Z; without, it sits on
 * the user's and is told by that.
 */
export function catchSignals(targets: SignalTargets, ownTerminal: boolean): SignalCatcher {
  const isTerminalAlive = watchTerminal();
  const ours = new Map<NodeJS.Signals, number>();
  let continued = false;
  const handlers = new Map<NodeJS.Signals, () => void>();
  const handle = (name: NodeJS.Signals, handler: () => void) => {
    handlers.set(name, handler);
    process.on(name, handler);
  };

  for (const name of passedOn) {
    handle(name, () => {
      const pending = ours.get(name) ?? 0;
      if (pending > 0) {
        ours.set(name, pending - 1);
        return;
      }
      if (name === 'SIGCONT') continued = true;
      // A terminal that has gone takes nobody along: the run outlives it.
      if (name === 'SIGHUP' && !isTerminalAlive()) return;
      targets.pass(name);
    });
  }
  if (ownTerminal) {
    handle('SIGWINCH', () => targets.pass('SIGWINCH'));
    handle('SIGTSTP', () => targets.suspend());
  }

  return {
    signalGroup(name) {
      if (!handlers.has(name)) return;
      ours.set(name, (ours.get(name) ?? 0) + 1);
      process.kill(0, name);
    },
    stopGroup() {
      const onStop = handlers.get('SIGTSTP');
      if (onStop === undefined) return;
      // Without a handler the signal does what it does to any process.
      process.off('SIGTSTP', onStop);
      continued = false;
      process.kill(0, 'SIGTSTP');
      setTimeout(() => {
        if (handlers.has('SIGTSTP')) process.on('SIGTSTP', onStop);
        if (!continued) targets.unsuspended();
      }, discardedStopMs);
    },
    dispose() {
      for (const [name, handler] of handlers) process.off(name, handler);
      handlers.clear();
    },
  };
}

/** Tells later whether the terminal that is there now still answers; true where there is none. */
function watchTerminal(): () => boolean {
  const descriptors = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  if (descriptors.length > 0) return () => descriptors.some((descriptor) => isatty(descriptor));
  return canOpenTerminal() ? canOpenTerminal : () => true;
}

function canOpenTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
