/** One room of the house: what its files may name beside each other. */
export interface Room {
  /** Rooms whose files it may import. */
  rooms: string[];
  /** Node's own modules: all, none, or these. */
  node: boolean | string[];
  /** Packages of npm; true: any that package.json lists. */
  packages: boolean | string[];
}

const pure = ['protocol', 'core'];
const parsers = ['valibot', 'yaml', 'toml-eslint-parser', 'fast-string-width'];

/**
 * The directions of ARCHITECTURE.md, as a table: protocol <- core <- capture, store, engines,
 * exchange, remotes <- recorder <- server, cli <- main. Rooms that are not built yet stand here
 * already, so that their first file has its rules.
 */
export const rooms: Record<string, Room> = {
  protocol: { rooms: [], node: false, packages: ['valibot'] },
  core: { rooms: ['protocol'], node: false, packages: parsers },
  capture: { rooms: pure, node: true, packages: true },
  store: { rooms: pure, node: true, packages: true },
  engines: { rooms: pure, node: true, packages: true },
  exchange: { rooms: pure, node: true, packages: true },
  remotes: { rooms: pure, node: true, packages: true },
  recorder: { rooms: [...pure, 'capture', 'store'], node: true, packages: true },
  server: { rooms: [...pure, 'capture', 'store', 'recorder'], node: true, packages: true },
  cli: { rooms: [...pure, 'capture', 'store', 'recorder'], node: true, packages: true },
  main: {
    rooms: [
      ...[...pure, 'capture', 'store', 'engines', 'exchange', 'remotes'],
      ...['recorder', 'server', 'cli'],
    ],
    node: true,
    packages: true,
  },
  extension: { rooms: ['protocol'], node: true, packages: true },
  webview: { rooms: ['protocol'], node: false, packages: true },
};

/** Modules that one room alone may import. */
export const keptTo: Record<string, string> = {
  'node:sqlite': 'store',
  vscode: 'extension',
  commander: 'cli',
  chokidar: 'recorder',
};

/** The room of a source file, by its path in the clone; null where it lies in none. */
export function roomOf(path: string): string | null {
  const [top, second] = path.split('/');
  if (top === 'extension' || top === 'webview') return top;
  if (top !== 'agent' || second === undefined) return null;
  if (second.endsWith('.ts')) return 'main';
  return second in rooms ? second : null;
}
