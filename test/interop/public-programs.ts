import assert from 'node:assert/strict';
import type { Program } from './program.ts';

const folder = 'public';

/** Programs that others wrote and everybody has: modules of Python, and what packages bring. */
export const publicPrograms: Program[] = [
  {
    name: 'the example of Hydra itself',
    folder,
    command: ['python', '-m', 'hydra.test_utils.example_app', 'hydra.job.chdir=false'],
    varies: /\/outputs\//,
    check: ({ record }) => assert.equal(record.config.sources.length > 0, true),
  },
  {
    name: 'the launcher of accelerate',
    folder,
    command: ['accelerate', 'launch', '--cpu', '--num_processes', '1', 'train.py'],
  },
  {
    name: 'the profiler of Python around a program',
    folder,
    command: ['python', '-m', 'cProfile', '-o', 'out.prof', 'train.py'],
    varies: /out\.prof$/,
  },
  {
    name: 'the JSON of Python',
    folder,
    command: ['python', '-m', 'json.tool', 'data/params.json', 'out.json'],
  },
  {
    name: 'the zip files of Python',
    folder,
    command: ['python', '-m', 'zipfile', '-c', 'out.zip', 'data/table.csv', 'data/params.json'],
    varies: /out\.zip$/,
  },
];
