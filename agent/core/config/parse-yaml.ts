import type { YamlDialect } from '../../protocol/record.ts';
import { buildYamlTree } from './build-yaml-tree.ts';
import { indexLines } from './line-index.ts';
import type { Diagnostic, ParsedConfig } from './node.ts';
import { parsePlainYaml } from './parse-plain-yaml.ts';
import { flattenFlow } from './yaml-flow.ts';
import { findLooseTab } from './yaml-tab.ts';

/** What PyYAML's reader refuses before it looks at anything else. */
const unprintable = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Parses one YAML document by the rules of the loader that will read it. The syntax is that of the
 * `yaml` package; the meaning of scalars, tags, merges and duplicates is the dialect's. The
 * package is loaded with the first YAML file.
 */
export async function parseYaml(
  text: string,
  dialect: YamlDialect,
  path: string,
): Promise<ParsedConfig> {
  let lines: ReturnType<typeof indexLines> | null = null;
  const locate = (offset: number) => {
    lines ??= indexLines(text);
    return lines(offset);
  };
  const refuse = (offset: number, message: string): Diagnostic => {
    const { line, column } = locate(offset);
    return { key: null, reason: 'syntax', message, path, line, column };
  };

  const odd = unprintable.exec(text);
  if (odd !== null) {
    const code = (odd[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const message = `the character U+${code} is not allowed in YAML`;
    return { root: null, diagnostics: [refuse(odd.index, message)] };
  }

  const header = readPackageHeader(text);
  const packageHeader = header === null ? {} : { packageHeader: header };
  const plain = parsePlainYaml(text, dialect, path);
  if (plain !== null) return { root: plain, diagnostics: [], ...packageHeader };

  const python = dialect !== 'yaml-1.2';
  const { parseDocument } = await import('./yaml-parser.ts');
  const parse = (source: string) =>
    parseDocument(source, {
      schema: 'failsafe',
      version: python ? '1.1' : '1.2',
      uniqueKeys: false,
      resolveKnownTags: false,
      merge: false,
      prettyErrors: false,
      logLevel: 'error',
    });
  // Offsets stay the same in everything that is done to the text from here on.
  let source = python ? unifyBreaks(text) : text;
  let document = parse(source);
  for (let round = 0; python && round < maxFlattened; round++) {
    const flat = flattenFlow(source, document);
    if (flat === null) break;
    source = flat;
    document = parse(source);
  }

  const version = /^%YAML[ \t]+([0-9]+)\./m.exec(text.slice(0, 1000));
  if (version !== null && version[1] !== '1') {
    const message = 'only YAML 1.x can be read';
    return { root: null, diagnostics: [refuse(version.index, message)] };
  }

  // As the loaders do: the first error is told, and what follows from it is not.
  const errors = document.errors.filter(
    (error) => error.code !== 'MULTIPLE_DOCS' && !(python && isOnlyComment(error.message)),
  );
  const tab = python && errors.length === 0 ? findLooseTab(source, document.contents) : -1;
  if (tab !== -1) {
    const message = 'a tab where PyYAML accepts only spaces';
    return { root: null, diagnostics: [refuse(tab, message)] };
  }
  const diagnostics: Diagnostic[] = [];
  const [first] = errors;
  if (first !== undefined) {
    diagnostics.push(refuse(first.pos[0], readable(first.message, first.code)));
    return { root: null, diagnostics };
  }
  const second = document.errors.find((error) => error.code === 'MULTIPLE_DOCS');
  if (second !== undefined) {
    diagnostics.push(refuse(second.pos[0], 'a second document begins here; the first one is used'));
  }
  const built = buildYamlTree(document.contents, { dialect, path, text: source, locate });
  return {
    root: built.root,
    diagnostics: [...diagnostics, ...built.diagnostics],
    ...packageHeader,
  };
}

/** `# @package NAME` as Hydra finds it: before it stand empty lines and other `# @` lines only. */
function readPackageHeader(text: string): string | null {
  let found: string | null = null;
  for (const line of text.slice(0, 512).split(/\r\n|[\n\r]/)) {
    if (line.trim() === '') continue;
    const words = /^\s*#\s*@/.test(line) ? line.trim().replace(/^#+/, '').trim().split(' ') : null;
    if (words === null) break;
    const [key, value] = words.filter((word) => word !== '');
    if (key === '@package' && value !== undefined) found = value;
  }
  return found;
}

/** Flow collections that are written on one line before the text is given up. */
const maxFlattened = 20;

/** YAML 1.1 has more line breaks than 1.2. */
function unifyBreaks(text: string): string {
  return text.replace(/\r(?!\n)|[\x85\u2028\u2029]/g, '\n');
}

/** `[1,# one`: PyYAML needs no space before a comment after a bracket or a comma. */
function isOnlyComment(message: string): boolean {
  return message.startsWith('Comments must be separated');
}

function readable(message: string, code: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'nested too deep';
  return message.charAt(0).toLowerCase() + message.slice(1);
}
