import { launchOptions, type OptionSpec } from './options.ts';
import type { VerbModule } from './verb.ts';

/** One verb of the command line: what its help says, and what is loaded to do it. */
export interface Verb {
  name: string;
  /** As in commander: `<ref>`, `[name]`. */
  operands: string;
  summary: string;
  about: string;
  options: readonly OptionSpec[];
  examples: readonly [command: string, what: string][];
  load(): Promise<VerbModule>;
}

const json: OptionSpec = { flags: '--json', about: 'print JSON' };
const refs =
  'REF is a run: its id or any unique beginning or end of it, its name (the newest run of that ' +
  'name), the path of a file that it wrote, or a digest.';

/** Every verb, in the order of the help; program, help and docs/commands.md are made from this. */
export const verbs: readonly Verb[] = [
  {
    name: 'run',
    operands: '[name]',
    summary: 'record a run of a command',
    about:
      'Captures code, configuration, data and environment, makes them durable, and then starts ' +
      'the command as if it had been started by hand. Options come before --, the command after ' +
      'it. NAME is a run of runrecord.yaml; what follows -- is then added to its command. Exits ' +
      'as the program does; 125 where recording failed before the start, 126 where the program ' +
      'cannot be executed, 127 where it is not found, 4 where a gate blocks the launch.',
    options: launchOptions,
    examples: [
      ['runrecord run -- python train.py lr=0.1', 'record one run'],
      ['runrecord run --reason "is a smaller rate steadier?" -- python train.py', 'say why'],
      ['runrecord run train -- lr=0.1', 'a run named in runrecord.yaml, with one more argument'],
    ],
    load: () => import('./run.ts'),
  },
  {
    name: 'check',
    operands: '[name]',
    summary: 'ask the gates without launching',
    about:
      'Takes the options of run and looks at what a launch would find: uncommitted changes, values that are missing from the ' +
      'configuration, data that changed, and more. Exits 0 where all is clean, 3 with a warning, ' +
      '4 where a gate would block the launch.',
    options: [...launchOptions, json],
    examples: [
      ['runrecord check -- python train.py lr=0.1', 'before this command'],
      ['runrecord check --gate dirty-tree=block', 'with a stricter policy'],
    ],
    load: () => import('./check.ts'),
  },
  {
    name: 'list',
    operands: '',
    summary: 'list runs, newest first',
    about:
      'A table of the runs of this workspace. EXPR compares fields with values: status, name, ' +
      'created, duration, exit, commit, branch, dirty, complete, host, user and more; config.KEY, ' +
      'tags.KEY, custom.KEY, data.PATH, packages.NAME; and metrics by their names. Operators are ' +
      '= != < <= > >= ~ (contains) !~ in (...), joined by and, or, not and parentheses.',
    options: [
      { flags: '--where <expr>', about: 'only runs for which this holds' },
      { flags: '--sort <field>', about: 'order by a field; -FIELD for the largest first' },
      { flags: '--columns <fields>', about: 'columns to show, by comma' },
      { flags: '--limit <n>', about: 'at most so many runs; 0 for all' },
      json,
    ],
    examples: [
      ["runrecord list --where 'status = failed and config.lr > 0.01'", 'what went wrong'],
      ["runrecord list --where 'created > 2d ago' --sort -val_acc --limit 10", 'the best lately'],
      ['runrecord list --columns name,config.lr,val_acc,id', 'columns of your own'],
    ],
    load: () => import('./list.ts'),
  },
  {
    name: 'show',
    operands: '<ref>',
    summary: 'show one run',
    about: `Everything that is recorded of a run, and what is missing from the record. ${refs}`,
    options: [json],
    examples: [
      ['runrecord show 3a2c9e11', 'by the end of its id'],
      ['runrecord show digits', 'the newest run of a name'],
      ['runrecord show digits --json', 'the whole record'],
    ],
    load: () => import('./show.ts'),
  },
  {
    name: 'log',
    operands: '<ref>',
    summary: 'print what a run printed',
    about: `The output of the program, byte for byte. ${refs}`,
    options: [
      { flags: '--follow', about: 'go on while the run goes on' },
      { flags: '--json', about: 'print where the log is and how large, instead' },
    ],
    examples: [
      ['runrecord log digits', 'the newest run of a name'],
      ['runrecord log digits --follow', 'watch it'],
    ],
    load: () => import('./log.ts'),
  },
  {
    name: 'diff',
    operands: '<a> <b>',
    summary: 'show what differs between two runs',
    about: `Configuration, command, environment, code, data, artifacts and metrics. ${refs}`,
    options: [{ flags: '--all', about: 'show what is the same too' }, json],
    examples: [
      ['runrecord diff 3a2c9e11 2f77aa02', 'two runs'],
      ['runrecord diff 3a2c9e11 digits --all', 'with all that is the same'],
    ],
    load: () => import('./diff.ts'),
  },
  {
    name: 'verify',
    operands: '[ref]',
    summary: 'hold records against what is on disk',
    about:
      'Checks the record, the captured files, the artifacts and the code of a run, and names ' +
      `each thing that is not what the record says. Exits 1 where there is one. ${refs}`,
    options: [{ flags: '--all', about: 'every run' }, json],
    examples: [
      ['runrecord verify digits', 'one run'],
      ['runrecord verify --all', 'every run'],
    ],
    load: () => import('./verify.ts'),
  },
  {
    name: 'note',
    operands: '<ref> <text>',
    summary: 'add a note to a run',
    about: `Writes a note that stays beside the run; the run's record is not changed. ${refs}`,
    options: [json],
    examples: [['runrecord note digits "the loss jumps at step 300"', 'remember it']],
    load: () => import('./note.ts'),
  },
  {
    name: 'query',
    operands: '<sql>',
    summary: 'ask the index in SQL',
    about:
      'Runs a read-only query on the views runs, config, inputs, artifacts, metrics, points, ' +
      'packages, custom, judgements, lineage and capture (docs/schema.md).',
    options: [json],
    examples: [
      ["runrecord query 'SELECT name, count(*) AS runs FROM runs GROUP BY name'", 'runs by name'],
      ['runrecord query "SELECT DISTINCT value FROM config WHERE key = \'lr\'"', 'rates tried'],
    ],
    load: () => import('./query.ts'),
  },
  {
    name: 'reindex',
    operands: '',
    summary: 'rebuild the index from the records',
    about:
      'The index holds nothing of its own and can be rebuilt at any time. With --recover, runs ' +
      'whose folders were removed are first brought back from the repository; with --prune, what the ' +
      'repository holds of them is deleted instead.',
    options: [
      { flags: '--recover', about: 'bring back removed records first' },
      { flags: '--prune', about: 'delete the snapshots of removed records first' },
      json,
    ],
    examples: [
      ['runrecord reindex', 'rebuild the index'],
      ['runrecord reindex --recover', 'after git clean -fdx'],
      ['runrecord reindex --prune', 'after deleting folders of .runrecord/runs'],
    ],
    load: () => import('./reindex.ts'),
  },
  {
    name: 'lsp',
    operands: '',
    summary: 'serve an editor',
    about:
      'The language server that editors start: warnings on lines that are not committed and on ' +
      'values of a configuration that do not resolve, and the requests that show runs. It speaks ' +
      'the Language Server Protocol on standard input and output, and ends with its client.',
    options: [
      { flags: '--stdio', about: 'speak on standard input and output (the one way there is)' },
      { flags: '--clientProcessId <n>', about: 'end when this process is gone' },
    ],
    examples: [['runrecord lsp --stdio', 'as the setting of an editor']],
    load: () => import('./lsp.ts'),
  },
];
