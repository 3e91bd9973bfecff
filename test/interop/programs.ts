import type { Program } from './program.ts';

/** Not yet held to all of it: what they do is seen in part. */
export const staged = new Set([
  'the file formats of PyTorch',
  'a shell script with tools of its own',
]);

/** The programs, in the order in which they run. */
export const programs: Program[] = [
  {
    name: 'scikit-learn with a grid search in processes',
    folder: 'sklearn-digits',
    command: ['python', 'train.py', '--seed', '3'],
  },
  {
    name: 'a PyTorch loop with loader workers and checkpoints',
    folder: 'torch-train',
    command: ['python', 'train.py', '3'],
  },
  {
    name: 'the file formats of PyTorch',
    folder: 'torch-formats',
    command: ['python', 'convert.py'],
  },
  { name: 'tables with pandas and Arrow', folder: 'pandas-etl', command: ['python', 'etl.py'] },
  {
    name: 'files in place, at the end, by a rename and by a map',
    folder: 'files-in-python',
    command: ['python', 'files.py'],
    varies: /\/data\/tmp[^/]+$/,
  },
  {
    name: 'more than a thousand small files',
    folder: 'many-files',
    command: ['python', 'count.py'],
  },
  {
    name: 'odd names, another folder, closed descriptors and an exception',
    folder: 'odd-places',
    command: ['python', 'odd.py'],
    exitCode: 1,
  },
  { name: 'a pipeline of Python programs', folder: 'pipeline', command: ['python', 'pipeline.py'] },
  {
    name: 'a shell script with tools of its own',
    folder: 'pipeline',
    command: ['sh', 'shell.sh'],
    unseen: { says: /sort|shell\.sh/, files: /^(?:data|out)\// },
  },
];
