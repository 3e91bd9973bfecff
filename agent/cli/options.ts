import type { LaunchOptions } from '../core/launch-options.ts';
import { nearestWord } from '../core/text/nearest.ts';
import { RunRecordError } from '../protocol/errors.ts';
import { exitCodes, type GateName, gateNames } from '../protocol/names.ts';
import { type GatePolicy, gatePolicies } from '../protocol/settings.ts';
import type { VerbOptions } from './verb.ts';

/** An option as commander writes it (`--name <name>`); `repeat`: may be given again. */
export interface OptionSpec {
  flags: string;
  about: string;
  repeat?: boolean;
}

/** Options of `run` and `check`: for commander, and for `parseLaunch` at a launch. */
export const launchOptions: readonly OptionSpec[] = [
  { flags: '--name <name>', about: "the run's name" },
  { flags: '--reason <text>', about: 'why this run is made' },
  { flags: '--config <file>', about: 'a configuration file that the program reads', repeat: true },
  {
    flags: '--data <path>',
    about: 'a file or folder that the program reads, or its name in runrecord.yaml',
    repeat: true,
  },
  { flags: '--out <folder>', about: 'a folder that the program writes to', repeat: true },
  { flags: '--tag <key=value>', about: 'a tag of the record', repeat: true },
  { flags: '--on <engine>', about: 'where to run: local' },
  {
    flags: '--gate <gate=policy>',
    about: `what a finding does: ${gatePolicies.join(', ')}; gates: ${gateNames.join(', ')}`,
    repeat: true,
  },
  { flags: '--no-log', about: 'keep no log of the output; the program has the terminal itself' },
  { flags: '--quiet', about: 'leave out the two lines at the end' },
  { flags: '--record-file <file>', about: "write the record's id to this file at launch" },
];

export function usageError(message: string, action: string): RunRecordError {
  return new RunRecordError('usage', message, action, exitCodes.usage);
}

/** The launch that is asked for; throws a usage error for what cannot be meant. */
export function readLaunchOptions(
  operands: readonly string[],
  options: VerbOptions,
  command: readonly string[],
): LaunchOptions {
  if (operands.length > 1) {
    throw usageError('The command must come after --.', `runrecord run -- ${operands.join(' ')}`);
  }
  const engine = options.on ?? 'local';
  if (engine !== 'local') {
    throw usageError(`There is no engine "${engine}": only local.`, 'Leave --on out to run here.');
  }
  const text = (name: string): string | null => {
    const value = options[name];
    return typeof value === 'string' ? value : null;
  };
  const list = (name: string): string[] => {
    const value = options[name];
    return Array.isArray(value) ? value : [];
  };
  // `--data "$DATA"` with DATA unset must not mean the current folder.
  for (const name of ['config', 'data', 'out']) {
    if (!list(name).includes('')) continue;
    throw usageError(`--${name} is empty.`, `Name a path after --${name}, or leave it out.`);
  }
  return {
    named: operands[0] ?? null,
    argv: [...command],
    name: text('name'),
    reason: text('reason'),
    config: list('config'),
    data: list('data'),
    outputs: list('out'),
    tags: Object.fromEntries(list('tag').map(readTag)),
    gates: Object.fromEntries(list('gate').map(readGate)),
    keepLog: options.log !== false,
    quiet: options.quiet === true,
    recordFile: text('recordFile'),
  };
}

function readTag(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw usageError(`--tag ${text} has no value.`, 'Write it as --tag KEY=VALUE.');
}

function readGate(text: string): [GateName, GatePolicy] {
  const [name = '', policy = ''] = text.split(/=(.*)/s);
  return [
    pickWord(name, gateNames, `--gate ${text}`, 'gate'),
    pickWord(policy, gatePolicies, `--gate ${text}`, 'policy'),
  ];
}

function pickWord<T extends string>(
  word: string,
  known: readonly T[],
  where: string,
  what: string,
): T {
  const found = known.find((one) => one === word);
  if (found !== undefined) return found;
  const near = nearestWord(word, known);
  throw usageError(
    `${where}: there is no ${what} "${word}".`,
    near === null ? `Use one of ${known.join(', ')}.` : `Did you mean ${near}?`,
  );
}
