import { nearestWord } from '../../core/text/nearest.ts';
import { compileWhere } from '../../core/where.ts';
import { commonFields, findField } from '../../core/where-fields.ts';
import { sortKeyed } from '../../core/where-keyed.ts';
import { RunRecordError } from '../../protocol/errors.ts';
import { exitCodes } from '../../protocol/names.ts';
import type { RunIndex } from './open-index.ts';

type Queried = Pick<RunIndex, 'query'>;

export interface Selection {
  ids: string[];
  /** More runs match than were asked for. */
  more: boolean;
  /** Bare names in the filter or the order that are no metric of any run. */
  unknownMetrics: string[];
  /** The field or metric that was most likely meant by such a name. */
  nearest(name: string): string | null;
  /** How many runs there are. */
  total(index: Queried): number;
}

interface Wanted {
  where: string | null;
  sort: string | null;
  /** 0: all. */
  limit: number;
  nowMs: number;
}

/** The ids of the runs that a filter wants, in order; newest first without an order of its own. */
export function selectRuns(index: Queried, wanted: Wanted): Selection {
  const where = wanted.where === null ? null : compileWhere(wanted.where, { nowMs: wanted.nowMs });
  const order = compileOrder(wanted.sort);
  const limit = wanted.limit > 0 ? ' LIMIT ?' : '';
  const found = index.query(
    `SELECT runs.id AS id FROM runs${where === null ? '' : ` WHERE ${where.sql}`}` +
      ` ORDER BY ${order.sql}${limit}`,
    [...(where?.params ?? []), ...order.params, ...(wanted.limit > 0 ? [wanted.limit + 1] : [])],
  );
  const ids = found.map((row) => String(row.id));
  const more = wanted.limit > 0 && ids.length > wanted.limit;
  const bare = [...(where?.bareMetrics ?? []), ...order.bareMetrics];
  const known = bare.length === 0 ? [] : listMetrics(index);
  return {
    ids: more ? ids.slice(0, wanted.limit) : ids,
    more,
    unknownMetrics: bare.filter((name) => !known.includes(name)),
    nearest: (name) => nearestWord(name, [...commonFields, ...known]),
    total: (all) => Number(all.query('SELECT count(*) AS count FROM runs')[0]?.count ?? 0),
  };
}

function compileOrder(sort: string | null): {
  sql: string;
  params: (string | number)[];
  bareMetrics: string[];
} {
  const newest = 'runs.created_at DESC, runs.id DESC';
  if (sort === null) return { sql: newest, params: [], bareMetrics: [] };
  const descending = sort.startsWith('-');
  const field = findField(sort.replace(/^[-+]/, ''));
  if (field === null || field.name === '') {
    throw new RunRecordError(
      'usage',
      `--sort ${sort} names no field.`,
      'Write it as --sort created or --sort -val_acc.',
      exitCodes.usage,
    );
  }
  const value =
    field.table === 'runs' ? { sql: `runs.${field.column}`, params: [] } : sortKeyed(field);
  // What a run does not have comes last in either order.
  return {
    sql: `${value.sql} ${descending ? 'DESC' : 'ASC'} NULLS LAST, ${newest}`,
    params: value.params,
    bareMetrics: field.table === 'metrics' && field.bare ? [field.name] : [],
  };
}

function listMetrics(index: Queried): string[] {
  return index.query('SELECT DISTINCT name FROM metrics').map((row) => String(row.name));
}
