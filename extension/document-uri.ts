import { documentScheme } from './ids.ts';
import { oneLine, shortId } from './text.ts';

export const documentKinds = ['record', 'config', 'environment', 'log'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** What is drawn as what language, told by the end of the name; plain text where there is none. */
const endings: Record<DocumentKind, string> = {
  record: '.md',
  config: '.yaml',
  environment: '.yaml',
  log: '.log',
};

/** The parts of a document's address: its last segment is what its tab says. */
export interface DocumentAddress {
  scheme: string;
  path: string;
}

export function addressOf(
  kind: DocumentKind,
  run: { id: string; name: string | null },
): DocumentAddress {
  const name = run.name === null ? '' : `${oneLine(run.name).replace(/[/\\?#]/g, '-')} `;
  return {
    scheme: documentScheme,
    path: `/${kind}/${run.id}/${name}...${shortId(run.id)}${endings[kind]}`,
  };
}

/** What a document's path is of; null where it is not one of ours. */
export function parseAddress(path: string): { kind: DocumentKind; id: string } | null {
  const [, kind, id] = path.split('/');
  const known = documentKinds.find((one) => one === kind);
  return known === undefined || id === undefined ? null : { kind: known, id };
}
