import { Writable } from 'node:stream';
import type { Command } from 'commander';
import type { CliDeps } from './deps.ts';
import { createProgram } from './program.ts';
import { verbs } from './verbs.ts';

/**
 * docs/commands.md: every verb with its options and examples, made from the program itself, so
 * that it cannot say anything else than `--help` does.
 */
export function describeCommands(): string {
  const program = createProgram(silentDeps());
  const sections = verbs.map((verb) => {
    const command = program.commands.find((one) => one.name() === verb.name);
    if (command === undefined) throw new TypeError(`the program has no verb ${verb.name}`);
    return describeVerb(command, verb.examples);
  });
  return `${[
    '# Commands',
    '',
    program.description(),
    '',
    'Data goes to standard output, words to standard error. Exit codes: 0 done, 1 failed, 2 bad',
    'usage, 3 warned, 4 blocked by a gate; `run` exits as the program does. `NO_COLOR`,',
    '`FORCE_COLOR` and `COLUMNS` are respected. This page is generated.',
    '',
    '| verb | what it does |',
    '|---|---|',
    ...program.commands
      .filter((one) => one.name() !== 'help')
      .map((one) => `| [\`${one.name()}\`](#${one.name()}) | ${escapeCell(one.summary())} |`),
    '',
    ...sections,
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function describeVerb(command: Command, examples: readonly [string, string][]): string {
  const rows = command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => option.long !== '--help')
    .map((option) => `| \`${option.flags}\` | ${escapeCell(option.description)} |`);
  return [
    `## ${command.name()}`,
    '',
    '```',
    `runrecord ${command.name()} ${command.usage()}`.trimEnd(),
    '```',
    '',
    command.description(),
    '',
    ...(rows.length === 0 ? [] : ['| option | meaning |', '|---|---|', ...rows, '']),
    '```sh',
    ...examples.flatMap(([example, what]) => [`# ${what}`, example]),
    '```',
    '',
  ].join('\n');
}

const escapeCell = (text: string): string => text.replaceAll('|', '\\|');

/** The program is only read here: none of its verbs is done. */
function silentDeps(): CliDeps {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const never = (): never => {
    throw new TypeError('the description of the program runs nothing');
  };
  return {
    stdout: nowhere,
    stderr: nowhere,
    environment: {},
    cwd: '/',
    version: '0',
    now: never,
    newId: never,
    openRecords: never,
    author: never,
    redact: never,
    launchRun: never,
    checkLaunch: never,
    compareCode: never,
    verifyRuns: never,
    reindex: never,
    recover: never,
    serve: never,
  };
}
