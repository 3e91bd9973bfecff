import type { Program } from './program.ts';

/** Programs that read and write in every way that programs do. */
export const filePrograms: Program[] = [
  { name: 'tables with pandas and Arrow', folder: 'pandas-etl', command: ['python', 'etl.py'] },
  {
    name: 'files in place, at the end, by a rename and by a map',
    folder: 'files-in-python',
    command: ['python', 'files.py'],
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
  {
    name: 'native code that is known, and some that is not',
    folder: 'signals',
    command: ['python', 'summary.py'],
    unseen: { says: /native code opens past Python: pyedflib$/m, files: /^data\/night\.edf$/ },
  },
  { name: 'HDF5', folder: 'hdf5', command: ['python', 'spectra.py'] },
  { name: 'pictures and films', folder: 'images-opencv', command: ['python', 'edges.py'] },
  {
    name: 'workers by fork, spawn, forkserver, loky and threads',
    folder: 'processes',
    command: ['python', 'work.py'],
  },
  { name: 'a pipeline of Python programs', folder: 'pipeline', command: ['python', 'pipeline.py'] },
  {
    name: 'a shell script with tools of its own',
    folder: 'pipeline',
    command: ['sh', 'shell.sh'],
    unseen: { says: /sort/, files: /^(?:data|out)\// },
  },
  {
    name: 'a process that is left behind and writes later',
    folder: 'daemon',
    command: ['python', 'start.py'],
    lingers: true,
  },
];
