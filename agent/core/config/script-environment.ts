import { maskedScript, type PythonPlace, readPythonPath } from './python-path.ts';
import { argumentOf, findCalls, splitTop } from './python-text-scan.ts';

export interface ScriptEnvironment {
  /** Variables that the script sets; null where only a run can tell to what. */
  variables: Map<string, string | null>;
  /** Files of variables that it loads; null for the one that is found from the script upwards. */
  files: (string | null)[];
}

/** What a script does to its own environment before it reads it, found by reading. */
export function findScriptEnvironment(place: PythonPlace): ScriptEnvironment {
  const { script } = place;
  const variables = new Map<string, string | null>();
  const files: (string | null)[] = [];
  if (!/environ|putenv|dotenv|rootutils/.test(script)) return { variables, files };
  const masked = maskedScript(place);
  const name = (code: string) => readPythonPath(code, place);

  const assigned = /(?:os\.)?environ\[[ \t]*(["']) *\1[ \t]*\][ \t]*=(?!=)[ \t]*/g;
  for (const match of masked.matchAll(assigned)) {
    const [key = ''] = splitTop(
      script,
      masked,
      match.index + match[0].indexOf('[') + 1,
      match.index + match[0].indexOf(']'),
      ',',
    );
    const from = match.index + match[0].length;
    const end = masked.indexOf('\n', from);
    const variable = name(key);
    const value = name(script.slice(from, end === -1 ? script.length : end));
    if (typeof variable === 'string') variables.set(variable, value ?? null);
  }
  for (const call of findCalls(script, masked, '(?:os\\.)?(?:environ\\.setdefault|putenv)')) {
    const variable = name(argumentOf(call, 'key', 0) ?? '');
    const value = name(argumentOf(call, 'default', 1) ?? '');
    if (typeof variable === 'string') variables.set(variable, value ?? null);
  }
  for (const call of findCalls(
    script,
    masked,
    '(?:py)?(?:rootutils|root)\\.(?:setup_root|set_root)|setup_root',
  )) {
    variables.set('PROJECT_ROOT', null);
    if (argumentOf(call, 'dotenv', 5) !== 'False') files.push(null);
  }
  for (const call of findCalls(script, masked, '(?:dotenv\\.)?load_dotenv')) {
    const path = argumentOf(call, 'dotenv_path', 0);
    const read = path === null ? null : name(path);
    files.push(typeof read === 'string' ? read : null);
  }
  return { variables, files };
}
