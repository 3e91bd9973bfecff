import type { Drawn } from './generated-value.ts';

/** What a resolver draws at the start; null for one that computes the same from the same. */
export function findDrawnBy(name: string, argument: string): Drawn | null {
  if (name === 'hydra') {
    if (/^\s*(?:runtime\.output_dir|run\.dir|sweep\.(?:dir|subdir))\s*$/.test(argument)) {
      return 'directory';
    }
    return /^\s*job\.(?:id|num)\s*$/.test(argument) ? 'id' : null;
  }
  const words = name.toLowerCase().split(/[._-]/);
  const has = (...any: string[]) => words.some((word) => any.includes(word));
  if (has('now', 'time', 'timestamp', 'date', 'datetime', 'today', 'utcnow', 'strftime')) {
    return 'time';
  }
  if (has('seed')) return 'seed';
  if (has('uuid', 'uuid4', 'random', 'rand', 'randint', 'runid', 'jobid', 'ulid', 'uid'))
    return 'id';
  if (has('run', 'job') && has('id')) return 'id';
  if (has('hostname', 'host', 'node')) return 'host';
  if (has('pid')) return 'process';
  return has('port') ? 'port' : null;
}
