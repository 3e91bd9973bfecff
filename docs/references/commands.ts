import type { OptionSpec } from '../../agent/cli/options.ts';
import { type Verb, verbs } from '../../agent/cli/verbs.ts';
import { exitCodes } from '../../agent/protocol/names.ts';

const meanings: Record<keyof typeof exitCodes, string> = {
  done: 'done; of `check`: nothing was found',
  failed: 'failed, or `verify` found a difference',
  usage: 'the command line could not be understood',
  warned: '`check` found something that a gate warns about; `run` never ends with it',
  blocked: 'a gate blocks the launch; there is no record',
  recorderFailed: '`run`: recording failed before the start, and the program was not started',
  notExecutable: '`run`: the program cannot be executed',
  notFound: '`run`: the program was not found',
};

/** docs/commands.md: every verb as its help has it. */
export function commandReference(): string {
  return [
    '# Commands',
    '',
    '<!-- Made by `npm run docs` from agent/cli/verbs.ts. -->',
    '',
    'Data goes to standard output, words to standard error. `NO_COLOR` and the width of the terminal',
    'are respected. With `--json` an error is `{ "error": { "code", "message", "action" } }` on',
    'standard error.',
    '',
    '| verb | what it does |',
    '|---|---|',
    ...verbs.map(({ name, summary }) => `| [\`${name}\`](#runrecord-${name}) | ${summary} |`),
    '',
    ...verbs.flatMap(describeVerb),
    '## Exit codes',
    '',
    '`run` ends with the code of the program, or 128 + the number of the signal that ended it. Else:',
    '',
    '| code | meaning |',
    '|---|---|',
    ...Object.entries(exitCodes).map(
      ([key, code]) => `| ${code} | ${meanings[key as keyof typeof exitCodes]} |`,
    ),
    '',
  ].join('\n');
}

function describeVerb({ name, operands, about, options, examples }: Verb): string[] {
  const takesCommand = name === 'run' || name === 'check' ? ' [-- COMMAND...]' : '';
  const usage = `runrecord ${name}${options.length > 0 ? ' [options]' : ''} ${operands}`.trim();
  return [
    `## runrecord ${name}`,
    '',
    '```sh',
    `${usage}${takesCommand}`,
    '```',
    '',
    escapeMarkdown(about),
    '',
    ...(options.length > 0
      ? ['| option | |', '|---|---|', ...options.map(describeOption), '']
      : []),
    ...examples.flatMap(([command, what]) => [
      `${capitalise(what)}:`,
      '',
      '```sh',
      command,
      '```',
      '',
    ]),
  ];
}

function describeOption({ flags, about, repeat }: OptionSpec): string {
  const again = repeat === true ? ' (may be given again)' : '';
  return `| \`${flags}\` | ${escapeMarkdown(about)}${again} |`;
}

function escapeMarkdown(text: string): string {
  return text.replace(
    /[|<>]/g,
    (character) => ({ '|': '\\|', '<': '&lt;', '>': '&gt;' })[character] ?? '',
  );
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
