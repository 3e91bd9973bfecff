import { maskedScript, type PythonPlace, readPythonPath } from './python-path.ts';
import {
  argumentOf,
  findCalls,
  maskPython,
  type PythonCall,
  splitTop,
} from './python-text-scan.ts';

/** How a script reads its configuration, as far as its text says. */
export interface ScriptSources {
  /** Files that it names itself, in the order in which they are laid on each other. */
  paths: string[];
  /** Read where the command line names no file. */
  fallbacks: string[];
  /** `cfg.merge_from_list(opts)`: words of the command line are keys and values by turns. */
  takesPairs: boolean;
  /** Variables in texts (`$HOME/data`) are replaced by their values. */
  expands: boolean;
  /** Files and options count in the order of the command line (jsonargparse). */
  ordered: boolean;
}

const yamlEnding = /\.ya?ml$/i;
const otherEnding = /\.(?:json|toml|ini|cfg|conf|properties)$/i;
const configName =
  /(?:^|\/)(?:conf|config|configs|settings)\/|(?:conf|cfg|param|hparam|setting|arg|opt)[^/]*$/i;

/** Reads a script for the files that it loads by a name of its own; nothing is run. */
export function findScriptSources(place: PythonPlace): ScriptSources {
  const { script } = place;
  const masked = maskedScript(place);
  const flags = {
    takesPairs: /\bmerge_from_list\b/.test(masked),
    expands: /\bexpandvars\b|\bEnvYAML\b|\benvyaml\b/.test(masked),
    ordered: /\bjsonargparse\b|\bLightningCLI\b/.test(masked),
  };
  const loads = findCalls(script, masked, 'OmegaConf\\.load|toml\\.load|open|io\\.open|Path');
  const read = new Map<PythonCall, string>();
  for (const call of loads) {
    const path = readPythonPath(
      argumentOf(call, 'file_', 0) ?? argumentOf(call, 'file', 0) ?? '',
      place,
    );
    if (typeof path !== 'string' || !isRead(call, masked)) continue;
    const isNamed = yamlEnding.test(path) || (otherEnding.test(path) && configName.test(path));
    if (isNamed) read.set(call, path);
  }
  // Only where the module is there: a `read` is in every second script.
  const parsers = [
    ...(/dynaconf/i.test(masked) ? ['(?:dynaconf\\.)?Dynaconf'] : []),
    ...(/configparser/i.test(masked) ? ['(?:\\w+\\.)+read'] : []),
  ].join('|');
  const listed =
    parsers === ''
      ? []
      : findCalls(script, masked, parsers).flatMap((call) => listedFiles(call, place));
  const ordered = mergeOrder(script, masked, read) ?? [...read.values()];
  const fallbacks = findFallbacks(script, masked, place);
  return { ...flags, paths: [...new Set([...ordered, ...listed])], fallbacks };
}

/** Not opened for writing, and a `Path` only where its text is read. */
function isRead(call: PythonCall, masked: string): boolean {
  if (/open$/.test(call.name)) {
    const mode = argumentOf(call, 'mode', 1) ?? '"r"';
    return /^["'][rbt]+["']$/.test(mode);
  }
  if (call.name !== 'Path') return true;
  const rest = masked.slice(call.offset, call.offset + 300);
  return /^Path\([^()]*\)\.(?:read_text|read_bytes|open)\(/.test(rest);
}

/** `Dynaconf(settings_files=["a.toml"])`, `parser.read("a.ini")`. */
function listedFiles(call: PythonCall, place: PythonPlace): string[] {
  const isDynaconf = /Dynaconf$/.test(call.name);
  const written = isDynaconf
    ? (argumentOf(call, 'settings_files', 99) ?? argumentOf(call, 'settings_file', 99))
    : argumentOf(call, 'filenames', 0);
  if (written === null) return [];
  const inside = /^[[(]([\s\S]*)[\])]$/.exec(written)?.[1];
  const parts =
    inside === undefined ? [written] : splitTop(inside, maskPython(inside), 0, inside.length, ',');
  return parts.flatMap((part) => {
    const path = part === '' ? undefined : readPythonPath(part, place);
    const isFile = typeof path === 'string' && (yamlEnding.test(path) || otherEnding.test(path));
    return isFile ? [path] : [];
  });
}

/** `OmegaConf.merge(base, local)`: by the names that the loaded files were given. */
function mergeOrder(
  script: string,
  masked: string,
  read: ReadonlyMap<PythonCall, string>,
): string[] | null {
  const [merge] = findCalls(script, masked, 'OmegaConf\\.(?:unsafe_)?merge');
  if (merge === undefined) return null;
  const names = new Map<string, string>();
  for (const [call, path] of read) {
    const before = masked.slice(0, call.offset);
    const name = /(?:^|\n)[ \t]*(\w+)[ \t]*(?::[^=\n]+)?=[ \t]*$/.exec(before)?.[1];
    if (name !== undefined) names.set(name, path);
  }
  const ordered = merge.arguments.flatMap(({ text }): string[] => {
    const named = names.get(text);
    if (named !== undefined) return [named];
    // `OmegaConf.merge(OmegaConf.load("a.yaml"), ...)`.
    return [...read]
      .filter(([, path]) => /\.load\(/.test(text) && text.includes(path))
      .map(([, path]) => path);
  });
  return ordered.length === 0 ? null : ordered;
}

/** `add_argument("--config", default="conf/base.yaml")`: what is read where none is named. */
function findFallbacks(script: string, masked: string, place: PythonPlace): string[] {
  return findCalls(script, masked, '(?:\\w+\\.)*add_argument').flatMap((call) => {
    const names = call.arguments.filter(({ name }) => name === null).map(({ text }) => text);
    if (
      !names.some((text) => /^["']--?(?:c|conf|config|cfg)(?:[-_](?:file|path))?["']$/.test(text))
    )
      return [];
    const written = argumentOf(call, 'default', 99);
    const path = written === null ? undefined : readPythonPath(written, place);
    return typeof path === 'string' && (yamlEnding.test(path) || otherEnding.test(path))
      ? [path]
      : [];
  });
}
