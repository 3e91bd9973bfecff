import type { Dialect } from '../../protocol/record.ts';
import { limits } from './limits.ts';
import { findMergeMarkers } from './merge-marker.ts';
import type { ParsedConfig } from './node.ts';
import { parseDotenv } from './parse-dotenv.ts';
import { parseIni } from './parse-ini.ts';
import { parseJson } from './parse-json.ts';
import { parseProperties } from './parse-properties.ts';
import { parseToml } from './parse-toml.ts';
import { parseYaml } from './parse-yaml.ts';

/**
 * Parses a configuration text by the rules of `dialect`; never throws for what is in it. `path` is
 * what origins and diagnostics name. `root` is null where the loader would refuse the text.
 */
export async function parseConfig(
  text: string,
  dialect: Dialect,
  path: string,
): Promise<ParsedConfig> {
  const limit = dialect === 'json' ? limits.jsonCharacters : limits.sourceCharacters;
  if (text.length > limit) {
    const message = `${text.length} characters are over the limit of ${limit} for a config`;
    return {
      root: null,
      diagnostics: [{ key: null, reason: 'syntax', message, path, line: null }],
    };
  }
  const markers = findMergeMarkers(text, path);
  if (markers.length > 0) return { root: null, diagnostics: markers };
  if (dialect === 'json') return parseJson(text, path);
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  switch (dialect) {
    case 'toml':
      return parseToml(plain, path);
    case 'ini':
      return parseIni(plain, path);
    case 'properties':
      return parseProperties(plain, path);
    case 'dotenv':
      return parseDotenv(plain, path);
    default:
      return parseYaml(plain, dialect, path);
  }
}
