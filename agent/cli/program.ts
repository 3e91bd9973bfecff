import { Command, type CommanderError, Option } from 'commander';
import { nearestWord } from '../core/text/nearest.ts';
import type { CliDeps } from './deps.ts';
import { type OptionSpec, usageError } from './options.ts';
import { createOutput, widthOf } from './output.ts';
import type { VerbOptions } from './verb.ts';
import { type Verb, verbs } from './verbs.ts';

const helpWidth = 100;

/** What a program needs besides `CliDeps`: the words after `--`, and where its exit code goes. */
export interface ProgramOptions {
  command?: readonly string[];
  onExit?: (code: number) => void;
}

/**
 * The command line as commander has it, made from the table of verbs. It throws CommanderError
 * instead of exiting; help is written to standard output, errors nowhere.
 */
export function createProgram(deps: CliDeps, options: ProgramOptions = {}): Command {
  const width = Math.min(helpWidth, widthOf(deps.stdout, deps.environment));
  const program = new Command('runrecord')
    .description('Records research runs while they happen, and shows, compares and verifies them.')
    .version(deps.version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [verb]', 'print the help of a verb')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => deps.stdout.write(text),
      writeErr: (text) => deps.stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
    });
  for (const verb of verbs) addVerb(program, verb, deps, options);
  program.addHelpText(
    'after',
    '\nrunrecord VERB --help says more, with examples.\n' +
      'Exit codes: 0 done, 1 failed, 2 bad usage, 3 warned, 4 blocked by a gate;\n' +
      'run exits as the program does.',
  );
  return program;
}

function addVerb(program: Command, verb: Verb, deps: CliDeps, options: ProgramOptions): void {
  const takesCommand = verb.name === 'run' || verb.name === 'check';
  const command = program.command(`${verb.name} ${verb.operands}`.trim());
  command.summary(verb.summary).description(verb.about);
  if (takesCommand) command.usage('[options] [name] [-- COMMAND...]').allowExcessArguments();
  for (const spec of verb.options) command.addOption(makeOption(spec));
  command.addHelpText('after', `\n${formatExamples(verb)}`);
  command.action(async () => {
    const given = command.opts<VerbOptions>();
    const { act } = await verb.load();
    const code = await act({
      deps,
      output: createOutput(deps, { json: given.json === true }),
      operands: command.args,
      options: given,
      command: [...(options.command ?? [])],
    });
    options.onExit?.(code);
  });
}

function makeOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.about);
  if (!spec.repeat) return option;
  option.description = `${spec.about} (may be repeated)`;
  return option.argParser((value, known: unknown) => [
    ...(Array.isArray(known) ? known : []),
    value,
  ]);
}

function formatExamples(verb: Verb): string {
  const lines = verb.examples.map(([command, what]) => `  # ${what}\n  ${command}`);
  return `Examples:\n${lines.join('\n')}`;
}

/** Commander's error as one of ours; null where it only printed what it was asked for. */
export function toUsageError(error: CommanderError, args: readonly string[]): Error | null {
  if (error.exitCode === 0) return null;
  const [verb, helped] = args;
  const names = verbs.map((one) => one.name);
  const [first = '', hint = ''] = error.message.replace(/^error: /, '').split('\n');
  const isHelp = first === '(outputHelp)';
  const near =
    isHelp && helped !== undefined
      ? nearestWord(helped, names)
      : /Did you mean (?:one of )?(.*)\?\)/.exec(hint)?.[1];
  const sentence = isHelp ? describeMissingVerb(helped) : capitalize(first);
  const help = names.includes(verb ?? '') ? `runrecord ${verb} --help` : 'runrecord --help';
  return usageError(
    /[.?]$/.test(sentence) ? sentence : `${sentence}.`,
    near ? `Did you mean ${near}?` : `${help} says what can be asked.`,
  );
}

const describeMissingVerb = (asked: string | undefined): string =>
  asked === undefined ? 'A verb is missing' : `Unknown command '${asked}'`;

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
