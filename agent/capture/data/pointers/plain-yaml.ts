/** What DVC's own files hold: maps, lists and text; numbers and truth values stay text. */
export type PlainValue = string | PlainValue[] | { [key: string]: PlainValue };

/** Nobody writes deeper; a stranger's file may be. */
const deepest = 200;

interface Line {
  indent: number;
  text: string;
}

/**
 * Reads YAML as DVC writes it: block maps and lists, plain and quoted scalars, text that goes on in
 * deeper lines. It is read before each launch, so the loader of user's YAML (10 ms) is not asked.
 * What is of another form is left out, never guessed.
 */
export function readPlainYaml(text: string): PlainValue {
  const lines: Line[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const plain = raw.replace(/^\s*#.*$/, '').trimEnd();
    if (plain === '' || plain === '---') continue;
    const indent = plain.length - plain.trimStart().length;
    let rest = plain.trimStart();
    let at = indent;
    // `- path: x` is an item, and in it a map that begins two columns further.
    while (rest.startsWith('- ') && at < deepest) {
      lines.push({ indent: at, text: '-' });
      const inner = rest.slice(2);
      at += rest.length - inner.trimStart().length;
      rest = inner.trimStart();
    }
    lines.push({ indent: at, text: rest });
  }
  let next = 0;

  const block = (indent: number): PlainValue => {
    const line = lines[next];
    if (!line || line.indent < indent) return '';
    return line.text === '-' ? list(line.indent) : map(line.indent);
  };
  const list = (indent: number): PlainValue[] => {
    const items: PlainValue[] = [];
    while (lines[next]?.indent === indent && lines[next]?.text === '-') {
      next += 1;
      const inner = lines[next];
      if (!inner || inner.indent <= indent) continue;
      const isScalar = inner.text !== '-' && splitPair(inner.text) === null;
      items.push(isScalar ? scalar(inner.text, inner.indent - 1) : block(inner.indent));
    }
    return items;
  };
  const map = (indent: number): PlainValue => {
    const members: { [key: string]: PlainValue } = {};
    while (lines[next]?.indent === indent && lines[next]?.text !== '-') {
      const pair = splitPair(lines[next]?.text ?? '');
      if (pair === null) {
        next += 1;
        continue;
      }
      const [key, value] = pair;
      if (value === '') {
        next += 1;
        const inner = lines[next];
        // A list may stand at the column of its key.
        const isBelow =
          inner && (inner.indent > indent || (inner.indent === indent && inner.text === '-'));
        members[key] = isBelow ? block(inner.indent) : '';
      } else members[key] = scalar(value, indent);
    }
    return members;
  };
  const scalar = (first: string, indent: number): string => {
    next += 1;
    const parts = [first];
    while ((lines[next]?.indent ?? -1) > indent) parts.push(lines[next++]?.text ?? '');
    return unquote(parts.join(' '));
  };
  const found = block(0);
  return found;
}

function splitPair(text: string): [string, string] | null {
  const [, key, value] =
    /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#][^#]*?):(?:\s+(.*))?$/.exec(text) ?? [];
  return key === undefined ? null : [unquote(key), value ?? ''];
}

function unquote(text: string): string {
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (!/^".*"$/s.test(text)) return text;
  try {
    const escaped = text.replaceAll(/\\x([0-9a-fA-F]{2})/g, '\\u00$1').replaceAll('\\e', '\\u001b');
    return String(JSON.parse(escaped));
  } catch {
    return text.slice(1, -1);
  }
}

export function memberOf(value: PlainValue | undefined, key: string): PlainValue | undefined {
  return typeof value === 'object' && !Array.isArray(value) ? value[key] : undefined;
}

export function itemsOf(value: PlainValue | undefined): PlainValue[] {
  return Array.isArray(value) ? value : [];
}

export function plainText(value: PlainValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
