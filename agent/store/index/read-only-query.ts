import { constants, type DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { RunRecordError } from '../../protocol/errors.ts';
import { exitCodes } from '../../protocol/names.ts';
import type { Json } from '../../protocol/values.ts';
import { fromSql } from './sql-value.ts';

const allowed = new Set([
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
]);
/** Pragmas that tell of the schema; `PRAGMA name = value` and all others are refused. */
const describing = new Set(['table_info', 'table_xinfo', 'table_list', 'index_list', 'index_info']);

/**
 * Runs one statement that can only read, on a connection that serves nothing else. Whole numbers
 * beyond 2^53 are digits, blobs base64, infinite numbers words.
 *
 * @throws RunRecordError `query-failed` with what SQLite says, exit code 2
 */
export function runReadOnly(
  db: DatabaseSync,
  sql: string,
  params: readonly (string | number)[],
): Record<string, Json>[] {
  if (hasSecondStatement(sql)) throw queryError('it holds more than one statement');
  db.setAuthorizer((action, argument, value) => {
    if (allowed.has(action)) {
      const isLoading = action === constants.SQLITE_FUNCTION && value === 'load_extension';
      return isLoading ? constants.SQLITE_DENY : constants.SQLITE_OK;
    }
    const isDescribing = action === constants.SQLITE_PRAGMA && describing.has(argument ?? '');
    return isDescribing ? constants.SQLITE_OK : constants.SQLITE_DENY;
  });
  try {
    const statement = db.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const names = uniqueNames(statement.columns().map(({ name }) => name));
    const rows = statement.all(...params.map(bindable)) as unknown as SQLInputValue[][];
    return rows.map((row) =>
      Object.fromEntries(names.map((name, place) => [name, fromSql(row[place] as never)])),
    );
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw queryError(/not authorized|readonly/.test(message) ? 'only reading is allowed' : message);
  } finally {
    db.setAuthorizer(null);
  }
}

/** A whole number is compared as one: `LIMIT 20.0` is refused. */
function bindable(value: string | number): SQLInputValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function queryError(reason: string): RunRecordError {
  return new RunRecordError(
    'query-failed',
    `The query was not run: ${reason}.`,
    'Write one SELECT over the views of docs/schema.md.',
    exitCodes.usage,
  );
}

/** Columns of one name (`SELECT a.id, b.id`) are told apart as `id` and `id:2`. */
function uniqueNames(names: string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}:${count}`;
  });
}

/** SQLite would run the first and leave the rest unsaid. Strings, names and comments are skipped. */
function hasSecondStatement(sql: string): boolean {
  const skipped =
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
  const bare = sql.replace(skipped, (text) => (/^(?:--|\/\*)/.test(text) ? ' ' : 'x'));
  return /;\s*[^\s;]/.test(bare);
}
