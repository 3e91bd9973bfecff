import type { Field } from './where-fields.ts';
import { compileKeyed } from './where-keyed.ts';
import { type Expression, parseWhere } from './where-parse.ts';
import { compileRunField } from './where-run.ts';

/** A piece of SQL; every value is a parameter, in the order of its `?`. */
export interface Sql {
  sql: string;
  params: (string | number)[];
}

export interface CompiledWhere extends Sql {
  /** Names written without a prefix and taken for metrics: a misspelt field would be one. */
  bareMetrics: string[];
}

/**
 * The filter of `--where` as a condition over the view `runs` and the views beside it. A field
 * that a run does not have equals only `null`; nothing is smaller or larger than it.
 *
 * @throws RunRecordError with the column and what was expected there, exit code 2
 */
export function compileWhere(source: string, options: { nowMs: number }): CompiledWhere {
  const parsed = parseWhere(source);
  const bareMetrics = new Set<string>();
  const noteField = (field: Field) => {
    if (field.table === 'metrics' && field.bare) bareMetrics.add(field.name);
  };
  const compiled = compile(parsed, { source, nowMs: options.nowMs, noteField });
  return { ...compiled, bareMetrics: [...bareMetrics] };
}

interface Context {
  source: string;
  nowMs: number;
  noteField(field: Field): void;
}

function compile(expression: Expression, context: Context): Sql {
  if (expression.kind === 'not') {
    const part = compile(expression.part, context);
    return { sql: `NOT ${part.sql}`, params: part.params };
  }
  if (expression.kind === 'comparison') {
    context.noteField(expression.field);
    return compileComparison(expression, context);
  }
  const parts = expression.parts.map((part) => compile(part, context));
  return joinSql(parts, expression.kind === 'and' ? ' AND ' : ' OR ');
}

function joinSql(parts: Sql[], word: string): Sql {
  return {
    sql: `(${parts.map((part) => part.sql).join(word)})`,
    params: parts.flatMap((part) => part.params),
  };
}

function compileComparison(expression: Expression & { kind: 'comparison' }, context: Context): Sql {
  const { field, values, operator } = expression;
  if (operator === 'in') {
    const each = values.map((value) =>
      compileComparison({ ...expression, operator: '=', values: [value] }, context),
    );
    return joinSql(each, ' OR ');
  }
  if (operator === '!=' || operator === '!~') {
    const opposite = { ...expression, operator: operator === '!=' ? '=' : '~' } as const;
    const positive = compileComparison(opposite, context);
    return { sql: `NOT ${positive.sql}`, params: positive.params };
  }
  const [value] = values;
  if (value === undefined) throw new TypeError('A comparison without a value.');
  const place = { source: context.source, column: expression.valueColumn, nowMs: context.nowMs };
  return field.table === 'runs'
    ? compileRunField(field, operator, value, place)
    : compileKeyed(field, operator, value, place);
}
