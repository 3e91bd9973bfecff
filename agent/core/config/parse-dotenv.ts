import { limits } from './limits.ts';
import { emptyMap } from './merge-nodes.ts';
import type { Diagnostic, ParsedConfig } from './node.ts';

const pattern =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*(?:=[ \t]*("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|`[^`]*`|[^\n\r#]*?(?:[^\s#]#[^\n\r#]*?)*)[ \t]*(?:#[^\n\r]*)?)?$/gm;

/**
 * A file of variables as `python-dotenv` reads it: `export`, quotes, comments, `${OTHER}` and
 * `${OTHER:-x}` from what stands before it or from `environment`.
 */
export function parseDotenv(
  text: string,
  path: string,
  environment: (name: string) => string | null | undefined = () => undefined,
): ParsedConfig {
  const root = emptyMap();
  const diagnostics: Diagnostic[] = [];
  if (text.length > limits.sourceCharacters) return { root: null, diagnostics };
  let line = 1;
  let seen = 0;
  for (const match of text.matchAll(pattern)) {
    const [all, name = '', written] = match;
    const at = match.index + all.search(/\S/);
    line += (text.slice(seen, at).match(/\n/g) ?? []).length;
    seen = at;
    const start = written === undefined ? at : match.index + all.indexOf(written, all.indexOf('='));
    const end = start + (written?.length ?? 0);
    const value = written === undefined ? null : expand(unquote(written), written.startsWith("'"));
    const origin = { kind: 'file', path, line } as const;
    root.entries.set(name, {
      ...{ origin, column: start - text.lastIndexOf('\n', start - 1), start, end },
      ...{ kind: 'scalar', value, text: value !== null },
    });
  }
  return { root, diagnostics };

  function expand(value: string, isRaw: boolean): string {
    if (isRaw) return value;
    return value.replace(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_, name: string, fallback = '') => {
      const before = root.entries.get(name);
      const known = environment(name) ?? (before?.kind === 'scalar' ? before.value : null);
      return known === null ? fallback : String(known);
    });
  }
}

function unquote(written: string): string {
  const quote = written.charAt(0);
  if (written.length < 2 || !/["'`]/.test(quote) || !written.endsWith(quote)) return written.trim();
  const inside = written.slice(1, -1);
  if (quote === "'") return inside.replace(/\\(['\\])/g, '$1');
  if (quote === '`') return inside;
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' };
  return inside.replace(/\\([\s\S])/g, (_, sign: string) => escapes[sign] ?? sign);
}
