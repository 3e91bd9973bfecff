import { readStart } from './find-program.ts';

/**
 * The words that the kernel would put before a script, or null where it is none. pip writes
 * `#!/bin/sh` with an `exec` of Python in the second line where the path is long or has a space.
 */
export function readShebang(path: string): string[] | null {
  const start = readStart(path, 1_024);
  if (!start.startsWith('#!')) return null;
  const [first = '', second = ''] = Buffer.from(start, 'latin1').toString('utf8').split('\n');
  const [, program = '', argument = ''] = /^#!\s*(\S+)\s*(.*?)\s*$/.exec(first) ?? [];
  const hidden = /^'''exec' (?:"([^"]+)"|(\S+)) /.exec(second);
  if (program === '/bin/sh' && hidden) return [hidden[1] ?? hidden[2] ?? ''];
  if (program === '') return null;
  return argument === '' ? [program] : [program, argument];
}
