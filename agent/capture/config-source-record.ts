import { basename, extname } from 'node:path';
import type { Redactor } from '../core/redaction/redactor.ts';
import type { KeepObject } from '../core/seams.ts';
import type { Config, Dialect, YamlDialect } from '../protocol/record.ts';
import { redactSource } from './config-redact.ts';
import { readConfigSource } from './config-source.ts';

const dialects: Record<string, Dialect> = {
  '.json': 'json',
  '.toml': 'toml',
  '.ini': 'ini',
  '.cfg': 'ini',
  '.conf': 'ini',
  '.properties': 'properties',
  '.env': 'dotenv',
};

/** The dialect of a file by its name; `yaml`: that of the program that reads it. */
export function dialectOf(path: string, yaml: YamlDialect): Dialect {
  return (
    dialects[extname(path).toLowerCase()] ??
    (/^\.env(?:\.|$)/.test(basename(path)) ? 'dotenv' : yaml)
  );
}

/** A file that a program was seen to take its configuration from, kept as those known at launch. */
export async function recordSource(
  absolute: string,
  options: { root: string; redactor: Redactor; keepObject: KeepObject; where: string },
): Promise<Config['sources'][number]> {
  const { root, redactor, keepObject, where } = options;
  const source = await readConfigSource(absolute, root, dialectOf(absolute, 'pyyaml'));
  const bytes = redactSource(source, redactor, where);
  const object = bytes === null ? null : keepObject(bytes);
  const { path, digest, dialect } = source;
  const differs = object !== null && object !== digest ? { object } : {};
  return { path, digest, dialect, read: true, ...differs };
}
