import { type BytePath, bytePath, isInside } from '../byte-path.ts';
import { isDataUri, pathOfFileUrl } from './data-uri.ts';
import { realOrSame } from './locate-data.ts';

export interface ConfigValue {
  /** A scalar of the resolved config. */
  value: unknown;
  key: string;
  /** The file that it was found in, absolute or relative to the workspace. */
  path?: string | undefined;
}

export interface NamedCandidate {
  text: string;
  seen: 'config' | 'argument';
  /** The config file, whose folder a relative path may start from. */
  from?: string | undefined;
}

/** Enough for any real command; a generated config of a million strings must not hold a launch. */
const candidateLimit = 2_000;

/** Every text that could be a path or a URI, once a kind, in the order found. */
export function listCandidates(argv: string[], values: ConfigValue[]): NamedCandidate[] {
  const found = new Map<string, NamedCandidate>();
  const add = (text: unknown, seen: NamedCandidate['seen'], from?: string): void => {
    if (typeof text !== 'string' || found.size >= candidateLimit || !couldBePath(text)) return;
    const key = `${seen}\0${text}`;
    if (!found.has(key)) found.set(key, { text: pathOfFileUrl(text) ?? text, seen, from });
  };
  for (const argument of argv) for (const text of textsOf(argument)) add(text, 'argument');
  for (const { value, path } of values) add(value, 'config', path);
  return [...found.values()];
}

/** `path`, `--data=path`, `data.path=path` (Hydra; a URI with `=` in it is one text), `-Ipath` not. */
function textsOf(argument: string): string[] {
  if (isDataUri(argument)) return [argument];
  const equals = argument.indexOf('=');
  if (equals > 0) {
    const value = argument.slice(equals + 1).replace(/^(["'])(.*)\1$/s, '$2');
    // Hydra's lists: `files=[a.csv,b.csv]`.
    const items =
      /^\[(.*)\]$/s
        .exec(value)?.[1]
        ?.split(',')
        .map((item) => item.trim()) ?? [];
    return argument.startsWith('-') ? [value, ...items] : [argument, value, ...items];
  }
  return argument.startsWith('-') ? [] : [argument];
}

function couldBePath(text: string): boolean {
  if (text.length === 0 || text.length > 4_096 || /[\0\n]/.test(text)) return false;
  // A number or a truth value that happens to be a file's name is a value.
  return !/^(?:[-+]?[\d.]+(?:e[-+]?\d+)?|true|false|none|null|\.{1,2}\/?|~|-)$/i.test(text);
}

export interface Exclusions {
  workspaceRoot: BytePath;
  home: string | undefined;
  /** The script, the config sources, the interpreter: these paths, not what lies below. */
  files: string[];
  /** Output folders: these and all below. */
  outputs: string[];
}

/** Tells which existing paths are not data when something merely names them. */
export function createExclusion(options: Exclusions): (path: BytePath) => boolean {
  const { workspaceRoot, home } = options;
  const files = new Set(options.files.map(realOrSame));
  const outputs = options.outputs.map(realOrSame);
  const own = ['.runrecord', '.git'].map((name) => `${workspaceRoot}/${name}` as BytePath);
  const inner = [...outputs, ...own, ...['/proc', '/sys', '/dev'].map(bytePath)];
  const above = [workspaceRoot, ...(home ? [realOrSame(home)] : [])];
  return (path) =>
    files.has(path) ||
    inner.some((folder) => isInside(path, folder)) ||
    above.some((folder) => isInside(folder, path));
}
