import type { Database } from './database.ts';

const largestBytes = 16_000_000;

/**
 * Keeps the digests of the files in a directory's manifest, so that a run whose input is a folder
 * hangs together with the runs that wrote files into it. A manifest that is not there or larger
 * than 16 MB has no members.
 */
export function keepManifest(
  { statement }: Database,
  manifest: string,
  readObject: (digest: string) => Buffer | null,
): void {
  const isKnown = statement('SELECT 1 FROM manifest_member WHERE manifest = ? LIMIT 1');
  if (isKnown.get(manifest) !== undefined) return;
  const bytes = readObject(manifest);
  if (bytes === null || bytes.length > largestBytes) return;
  const insert = statement(
    'INSERT OR IGNORE INTO manifest_member (manifest, digest) VALUES (?, ?)',
  );
  // `sha256sum` puts a backslash before a line whose name is escaped.
  for (const [, hex] of bytes.toString('latin1').matchAll(/^\\?([0-9a-f]{64}) /gm)) {
    insert.run(manifest, `sha256:${hex}`);
  }
}
