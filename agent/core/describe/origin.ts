import type { Origin } from '../../protocol/record.ts';
import { makeVisible } from '../text/visible.ts';

/** Where a value of the configuration came from, in words; empty where it is not known. */
export function describeOrigin(origin: Origin | null | undefined): string {
  if (origin === null || origin === undefined) return '';
  const place =
    origin.path === undefined
      ? ''
      : `${makeVisible(origin.path)}${origin.line === undefined ? '' : `:${origin.line}`}`;
  switch (origin.kind) {
    case 'override':
      return 'command line';
    case 'environment':
      return origin.name === undefined ? 'environment' : `$${makeVisible(origin.name)}`;
    case 'file':
      return place === '' ? 'file' : place;
    case 'default':
      return place === '' ? 'default' : `default, ${place}`;
    case 'generated':
      return origin.what === undefined ? 'generated' : `generated, ${origin.what}`;
    case 'program':
      return 'program';
  }
}
