import { styleText } from 'node:util';
import { type Cell, type Column, layOutTable } from '../core/text/table.ts';
import { formatJson } from '../core/text/visible.ts';
import { ClosedPipe } from './closed-pipe.ts';
import type { CliDeps, Stream } from './deps.ts';

type Environment = CliDeps['environment'];

/** Where a verb prints: data to standard output, words to standard error. */
export interface Output {
  json: boolean;
  /** Columns of the terminal; Infinity where standard output is none and COLUMNS is not set. */
  width: number;
  /** Lines of text, safe to print, to standard output. */
  print(lines: readonly string[]): Promise<void>;
  printJson(value: unknown): Promise<void>;
  /** Bytes as they are, to standard output. */
  printBytes(bytes: Uint8Array): Promise<void>;
  /** A line of words to standard error. */
  say(line: string): void;
  paint(text: string, style?: string): string;
  table(columns: readonly Column[], rows: readonly Cell[][], options?: TableOptions): string[];
}

interface TableOptions {
  header?: boolean;
  indent?: number;
}

type Format = Parameters<typeof styleText>[0];

/** Colour is for status and differences alone; the names are those of the cells' styles. */
const formats: Record<string, Format> = {
  header: 'dim',
  quiet: 'dim',
  strong: 'bold',
  queued: 'dim',
  preparing: 'dim',
  running: 'cyan',
  succeeded: 'green',
  failed: 'red',
  killed: 'yellow',
  cancelled: 'yellow',
  lost: 'magenta',
  warn: 'yellow',
  block: 'red',
  clean: 'green',
  added: 'green',
  removed: 'red',
  changed: 'yellow',
};

/** FORCE_COLOR decides, then NO_COLOR, then whether it is a terminal that has colours. */
function hasColour(stream: Stream, environment: Environment): boolean {
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if ((environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb') return false;
  return stream.isTTY === true;
}

export function widthOf(stream: Stream, environment: Environment): number {
  const set = Number(environment.COLUMNS);
  if (Number.isInteger(set) && set > 0) return set;
  if (stream.isTTY !== true) return Number.POSITIVE_INFINITY;
  return stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80;
}

export function createOutput(deps: CliDeps, options: { json: boolean }): Output {
  const { stdout, stderr, environment } = deps;
  const colour = hasColour(stdout, environment);
  const width = widthOf(stdout, environment);
  const paint = (text: string, style?: string): string => {
    const format = style === undefined ? undefined : formats[style];
    if (!colour || format === undefined || text === '') return text;
    return styleText(format, text, { validateStream: false });
  };
  const printBytes = (bytes: Uint8Array | string): Promise<void> => writeAll(stdout, bytes);
  return {
    json: options.json,
    width,
    paint,
    printBytes,
    print: (lines) => printBytes(lines.map((line) => `${line}\n`).join('')),
    printJson: (value) => printBytes(`${formatJson(value)}\n`),
    say: (line) => {
      stderr.write(`${line}\n`);
    },
    table: (columns, rows, { header = true, indent = 0 } = {}) => {
      const space = ' '.repeat(indent);
      const lines = layOutTable(columns, rows, { width: width - indent, paint, header });
      return lines.map((line) => space + line);
    },
  };
}

function writeAll(stream: Stream, content: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(content, (error) => {
      if (!error) resolve();
      else reject('code' in error && error.code === 'EPIPE' ? new ClosedPipe() : error);
    });
  });
}
