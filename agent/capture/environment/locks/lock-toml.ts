/** A value as TOML that a tool wrote has it; dates and numbers stay text. */
export type TomlValue = string | boolean | TomlValue[] | { [key: string]: TomlValue };

export interface TomlTable {
  /** `package`, `package.optional-dependencies` ...; empty for what comes before any. */
  header: string;
  /** `[[header]]`: one more of its kind. */
  isItem: boolean;
  values: { [key: string]: TomlValue };
  /** Lines of the keys, counted from 1. */
  lines: { [key: string]: number };
}

/**
 * The tables of a lock file in their order. These files are written by tools and have megabytes of
 * hashes: they are read by line, `skip`ped keys are not parsed, and what is not understood is left
 * out. It is no TOML parser for what people write.
 */
export function readTomlTables(text: string, skip: ReadonlySet<string>): TomlTable[] {
  const tables: TomlTable[] = [];
  let table: TomlTable = { header: '', isItem: false, values: {}, lines: {} };
  tables.push(table);
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const header = line.startsWith('[') ? /^(\[\[?)\s*([^\]]+?)\s*\]/.exec(line) : null;
    if (header) {
      table = {
        header: (header[2] ?? '').replaceAll(/"/g, ''),
        isItem: header[1] === '[[',
        values: {},
        lines: {},
      };
      tables.push(table);
      continue;
    }
    const pair = /^\s*("[^"]*"|[\w.-]+)\s*=\s*(.*)$/.exec(line);
    if (!pair) continue;
    const key = (pair[1] ?? '').replaceAll('"', '');
    const first = index;
    let value = (pair[2] ?? '').trimEnd();
    // Arrays over several lines end with a bracket at the start of one.
    if (value.startsWith('[') && !closes(value)) {
      const parts = [value];
      while (index + 1 < lines.length) {
        const next = lines[++index] ?? '';
        parts.push(next);
        if (next.startsWith(']')) break;
      }
      value = parts.join('\n');
    }
    if (skip.has(key)) continue;
    const parsed = parseValue(value);
    if (parsed === undefined) continue;
    table.values[key] = parsed;
    table.lines[key] = first + 1;
  }
  return tables;
}

function closes(value: string): boolean {
  return /\]\s*(?:#.*)?$/.test(value);
}

function parseValue(text: string): TomlValue | undefined {
  const tokens =
    text
      .match(/"(?:[^"\\]|\\.)*"|'[^']*'|#[^\n]*|[[\]{},=]|[^\s[\]{},=#"']+/g)
      ?.filter((token) => !token.startsWith('#')) ?? [];
  let at = 0;
  const value = (): TomlValue | undefined => {
    const token = tokens[at++];
    if (token === undefined) return undefined;
    if (token === '[') return list();
    if (token === '{') return map();
    return scalar(token);
  };
  const list = (): TomlValue[] => {
    const items: TomlValue[] = [];
    while (at < tokens.length && tokens[at] !== ']') {
      if (tokens[at] === ',') at += 1;
      else {
        const item = value();
        if (item !== undefined) items.push(item);
      }
    }
    at += 1;
    return items;
  };
  const map = (): TomlValue => {
    const members: { [key: string]: TomlValue } = {};
    while (at < tokens.length && tokens[at] !== '}') {
      if (tokens[at] === ',') {
        at += 1;
        continue;
      }
      const key = scalar(tokens[at++] ?? '');
      if (tokens[at] !== '=') break;
      at += 1;
      const member = value();
      if (member !== undefined && typeof key === 'string') members[key] = member;
    }
    at += 1;
    return members;
  };
  return value();
}

function scalar(token: string): string | boolean {
  if (token.startsWith("'")) return token.slice(1, -1);
  if (token.startsWith('"')) {
    return token.slice(1, -1).replaceAll(/\\(["\\nt])/g, (_, letter: string) => {
      return { n: '\n', t: '\t' }[letter] ?? letter;
    });
  }
  return token === 'true' ? true : token === 'false' ? false : token;
}

/** Narrowing for what a lock file need not have. */
export function textOf(value: TomlValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

export function listOf(value: TomlValue | undefined): TomlValue[] {
  return Array.isArray(value) ? value : [];
}

export function mapOf(value: TomlValue | undefined): { [key: string]: TomlValue } {
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}
