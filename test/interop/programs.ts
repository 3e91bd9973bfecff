import { configPrograms } from './config-programs.ts';
import { filePrograms } from './file-programs.ts';
import { frameworkPrograms } from './framework-programs.ts';
import type { Program } from './program.ts';
import { publicPrograms } from './public-programs.ts';

/** The programs, in the order in which they run. */
export const programs: Program[] = [
  ...filePrograms,
  ...frameworkPrograms,
  ...configPrograms,
  ...publicPrograms,
];
