import type { GateName } from '../../agent/protocol/names.ts';
import type { GatePolicy } from '../../agent/protocol/settings.ts';
import { quoteWord, quoteWords, type ShellKind } from './shell.ts';

export interface LaunchLine {
  /** `runrecord`, or the path of it. */
  door: string;
  named: string | null;
  /** What the run is to be called; null: as its program. */
  name: string | null;
  /** The command, or what is added to that of a named run: as the user wrote it for his shell. */
  line: string;
  gates: Partial<Record<GateName, GatePolicy>>;
}

/** What is typed into the terminal. */
export function commandLineOf(
  { door, named, name, line, gates }: LaunchLine,
  shell: ShellKind,
): string {
  const policies = Object.entries(gates).flatMap(([gate, policy]) => [
    '--gate',
    `${gate}=${policy}`,
  ]);
  const head = quoteWords(
    [...(named === null ? [] : [named]), ...(name === null ? [] : ['--name', name]), ...policies],
    shell,
  );
  // To PowerShell a quoted path is a text: `&` makes it a command.
  const quoted = quoteWord(door, shell);
  const call = shell === 'powershell' && quoted !== door ? `& ${quoted}` : quoted;
  const words = [call, 'run', head, line === '' ? '' : `-- ${line}`];
  return words.filter((word) => word !== '').join(' ');
}
