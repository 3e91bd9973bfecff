import type { BytePath } from '../byte-path.ts';

const escapes: Record<string, number> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/** A path as git quotes it (`core.quotePath=true`): `"caf\303\251"`. */
export function unquotePath(quoted: string): BytePath {
  if (!quoted.startsWith('"')) return quoted as BytePath;
  const bytes = quoted.slice(1, -1).replace(/\\([0-7]{3}|.)/g, (_, written: string) => {
    const code = written.length === 3 ? Number.parseInt(written, 8) : (escapes[written] ?? 63);
    return String.fromCharCode(code);
  });
  return bytes as BytePath;
}
