import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** `.env`, `.env.local`, `prod.env`; not what is committed to show how one looks. */
const names = /^(?:\.env(?:\..+)?|[\w.-]+\.env)$/;
const samples = /(?:example|sample|template|dist|defaults?)(?:\.env)?$/;
/** Larger ones set no variables. */
const longestBytes = 64 * 1024;
const mostFiles = 16;

/**
 * The variables that the `.env` files of these folders set: a program that loads one has them in its
 * environment, and prints them as any other. For the redactor alone; the first that sets one counts.
 */
export function readEnvironmentFiles(folders: readonly string[]): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const folder of new Set(folders)) {
    for (const name of filesIn(folder)) {
      const path = join(folder, name);
      try {
        const stat = statSync(path);
        if (!stat.isFile() || stat.size > longestBytes) continue;
        for (const [key, value] of parse(readFileSync(path, 'utf8'))) variables[key] ??= value;
      } catch {
        // Not to be read by us, and so by the program, which runs as we do.
      }
    }
  }
  return variables;
}

/** Where a folder holds many thousands of files, a launch does not list them. */
const usual = ['.env', '.env.local', '.env.development', '.env.production', 'secrets.env'];
const longestFolderBytes = 256 * 1024;

function filesIn(folder: string): string[] {
  try {
    if (statSync(folder).size > longestFolderBytes) return usual;
    const found = readdirSync(folder).filter((name) => names.test(name) && !samples.test(name));
    return found.sort().slice(0, mostFiles);
  } catch {
    return [];
  }
}

const assignment =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|([^\n#]*(?:#(?<! #)[^\n#]*)*))/gm;

/** As the usual loaders read them: quotes of both kinds, over lines too, and comments. */
function* parse(text: string): Generator<[string, string]> {
  for (const [, name = '', double, single, bare] of text.matchAll(assignment)) {
    const value = double?.replace(/\\n/g, '\n').replace(/\\(["\\$])/g, '$1') ?? single ?? bare;
    if (value !== undefined) yield [name, value.trim()];
  }
}
