import { posix } from 'node:path';
import { evaluateMarker, parseRequirement } from './markers.ts';
import { type LockContext, type Wanted, WantedList } from './wanted.ts';

const deepest = 8;

/**
 * A requirements file of pip with what it includes (`-r`; `-c` only limits what something else
 * brings). Markers are evaluated; a line that pip alone understands asks nothing here.
 *
 * @param whole whether what is missing is a difference: not for `requirements-dev.txt` and its kind
 */
export function readRequirements(
  fileName: string,
  text: string,
  whole: boolean,
  context: LockContext,
): Wanted[] {
  const wanted = new WantedList();
  const open = new Set<string>();

  const read = (file: string, content: string, required: boolean): void => {
    if (open.has(file) || open.size > deepest) return;
    open.add(file);
    for (const { line, words } of joinLines(content)) {
      const include = /^(?:-r|--requirement|-c|--constraint)(?:[ =]\s*|\s+)(\S+)/.exec(words);
      if (include) {
        const constraint = /^(?:-c|--constraint)/.test(words);
        const path = posix.join(posix.dirname(file), include[1] ?? '');
        const inner = /^[a-z]+:\/\//i.test(include[1] ?? '') ? null : context.readBeside(path);
        if (inner !== null) read(path, inner, required && !constraint);
        continue;
      }
      if (words.startsWith('-')) continue;
      addLine(
        words.replace(/\s--(?:hash|config-settings|global-option)[ =]\S+/g, ''),
        line,
        file,
        required,
      );
    }
    open.delete(file);
  };

  const addLine = (words: string, line: number, file: string, required: boolean): void => {
    const found = parseRequirement(words);
    if (!found) return;
    const holds = found.marker === null ? true : evaluateMarker(found.marker, context.markers);
    if (holds === false) return;
    const exact = /^={2,3}\s*([^\s*,]+)$/.exec(found.specifier)?.[1] ?? null;
    const choice = {
      version: exact,
      specifier: exact === null && found.specifier !== '' ? found.specifier : undefined,
      commit: /@([0-9a-f]{40})(?:#|$)/.exec(found.url ?? '')?.[1],
      line,
      ...(file === fileName ? {} : { file }),
    };
    wanted.add('pypi', found.name, choice, required && holds === true);
  };

  read(fileName, text, whole);
  return wanted.all();
}

/** Lines as pip reads them: a backslash continues, ` #` begins a comment. */
function joinLines(text: string): { line: number; words: string }[] {
  const joined: { line: number; words: string }[] = [];
  let open: { line: number; words: string } | null = null;
  text.split(/\r?\n/).forEach((content, index) => {
    const continues = /\\$/.test(content);
    const plain = (continues ? content.slice(0, -1) : content).replace(/(?:^|\s)#.*$/, '');
    open ??= { line: index + 1, words: '' };
    open.words = `${open.words} ${plain.trim()}`.trim();
    if (continues) return;
    if (open.words !== '') joined.push(open);
    open = null;
  });
  if (open !== null) joined.push(open);
  return joined;
}
