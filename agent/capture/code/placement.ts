import { isAbsolute, relative, resolve, sep } from 'node:path';
import { files } from '../../protocol/names.ts';
import { type BytePath, bytePath, pathText, withoutSlash } from '../byte-path.ts';
import { createIgnore } from '../ignore-globs.ts';
import { realPath } from '../workspace-path.ts';

/** What an untracked file is by the place where it lies. */
export type Place = 'code' | 'output' | 'data' | 'never';

export interface PlacementOptions {
  workspaceRoot: string;
  /** Relative to the workspace root, or absolute. */
  outputs: string[];
  /** Those of `outputs` that nobody named and that may hold a package too: `models/net.py` is code. */
  sharedOutputs?: string[] | undefined;
  data: string[];
  ignore: string[];
  /** Whether an earlier run was seen to write the file; `path` relative to the workspace. */
  isWritten?: ((path: string) => boolean) | undefined;
}

/** Files that are written by hand. */
const sources = /\.(?:py|pyx|pyi|R|jl|c|cc|cpp|cu|h|hpp|rs|go|java|js|ts|sh|lua|m)$/;

/** Compiled by Python from what lies beside it, at each run: neither code nor dirt. */
const compiled = /(?:^|\/)__pycache__\//;

/** Tells for untracked paths of the repository at `top` whether they are code at all. */
export function createPlacement(top: string, options: PlacementOptions): (path: BytePath) => Place {
  const root = realPath(options.workspaceRoot);
  const below = (paths: string[]) =>
    coveredBy(paths.flatMap((path) => prefixesOf(top, root, path)));
  const isHome = below([files.home]);
  const isOutput = below([...options.outputs, files.promoted]);
  const isShared = below(options.sharedOutputs ?? []);
  const isData = below(options.data);
  const isIgnored = createIgnore(options.ignore);
  const wasWritten = (path: BytePath) => options.isWritten?.(inWorkspace(top, root, path)) === true;
  return (path) => {
    if (isHome(path) || compiled.test(path)) return 'never';
    if (options.ignore.length > 0 && isIgnored(inWorkspace(top, root, path))) return 'never';
    if (isOutput(path)) return isShared(path) && sources.test(path) ? 'code' : 'output';
    if (isData(path)) return 'data';
    // A run's own results would make the next one dirty, and no two runs alike.
    const isResult = !path.endsWith('/') && !sources.test(path) && wasWritten(path);
    return isResult ? 'output' : 'code';
  };
}

function inWorkspace(top: string, root: string, path: BytePath): string {
  const text = pathText(path);
  if (top === root) return text;
  const inside = relative(root, resolve(top, text)).replaceAll('\\', '/');
  return text.endsWith('/') ? `${inside}/` : inside;
}

/** The place relative to `top`, as named and with links followed; `''` is all of it. */
function prefixesOf(top: string, root: string, path: string): BytePath[] {
  const named = resolve(root, path);
  return [...new Set([named, realPath(named)])].flatMap((absolute) => {
    // `--out .`: what holds the whole workspace cannot tell its code from the rest.
    if (isWithin(root, absolute)) return [];
    const inside = relative(top, absolute).replaceAll('\\', '/');
    if (inside === '..' || inside.startsWith('../') || isAbsolute(inside)) {
      return isWithin(top, absolute) ? [bytePath('')] : [];
    }
    return [bytePath(inside)];
  });
}

/** True for the folder itself too. */
function isWithin(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}

function coveredBy(prefixes: BytePath[]): (path: BytePath) => boolean {
  const known = new Set<string>(prefixes);
  if (known.size === 0) return () => false;
  if (known.has('')) return () => true;
  return (path) => {
    const whole = withoutSlash(path);
    for (let end = whole.length; end > 0; end = whole.lastIndexOf('/', end - 1)) {
      if (known.has(whole.slice(0, end))) return true;
    }
    return false;
  };
}
