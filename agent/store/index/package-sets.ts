import type { Package } from '../../protocol/record.ts';
import { sha256 } from '../digest.ts';
import type { Database } from './database.ts';
import { toSql } from './sql-value.ts';

/** Keeps a list of packages once for all runs that have it, and answers its number. */
export function keepPackages(database: Database, packages: Package[]): number {
  // A record is written more than once while it is taken in, with the same list.
  const kept = database.packageSets.get(packages) ?? findOrInsert(database, packages);
  database.packageSets.set(packages, kept);
  return kept;
}

function findOrInsert({ statement }: Database, packages: Package[]): number {
  const digest = sha256(JSON.stringify(packages));
  const known = statement('SELECT id FROM package_set WHERE digest = ?').get(digest);
  if (known !== undefined) return Number(known.id);
  const made = statement('INSERT INTO package_set (digest) VALUES (?)').run(digest);
  const id = Number(made.lastInsertRowid);
  const insert = statement(
    `INSERT INTO package (package_set, n, ecosystem, name, version, source, imported, more)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  packages.forEach(({ ecosystem, name, version, source, imported, ...more }, n) => {
    const rest = Object.keys(more).length === 0 ? null : JSON.stringify(more);
    insert.run(id, n, ecosystem, name, version, source, toSql(imported), rest);
  });
  return id;
}

export function readPackages({ statement }: Database, id: number): Package[] {
  const rows = statement('SELECT * FROM package WHERE package_set = ? ORDER BY n').all(id);
  return rows.map(({ ecosystem, name, version, source, imported, more }) => ({
    ecosystem: String(ecosystem),
    name: String(name),
    version: version === null ? null : String(version),
    source: source === null ? null : String(source),
    imported: imported === null ? null : Number(imported) === 1,
    ...(more === null ? {} : (JSON.parse(String(more)) as Partial<Package>)),
  }));
}
