import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { Judgement } from '../../agent/protocol/judgement.ts';
import { RunRecord } from '../../agent/protocol/record.ts';
import { Settings } from '../../agent/protocol/settings.ts';

type JsonSchema = Record<string, unknown>;

const anyJson = { description: 'Any JSON value.' };

/** The published JSON Schemas (draft 2020-12) by file name, made from the schemas that parse. */
export function schemaFiles(): Map<string, string> {
  return new Map([
    [
      'record.schema.json',
      render(RunRecord, 'record', 'A run record: record.json, and what show --json prints'),
    ],
    ['judgement.schema.json', render(Judgement, 'judgement', 'A judgement: judgements/<id>.json')],
    [
      'runrecord.schema.json',
      render(Settings, 'settings', 'Settings of a workspace: runrecord.yaml'),
    ],
  ]);
}

function render(schema: GenericSchema, name: string, title: string): string {
  const {
    $schema: _,
    $defs: __,
    ...body
  }: JsonSchema = {
    ...toJsonSchema(schema, { target: 'draft-2020-12' }),
  };
  const document = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:runrecord:schema:${name}:1`,
    title,
    ...(tidy(body) as JsonSchema),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Leaves out what says nothing: that names of members are strings, and the recursion that spells
 * out what JSON is.
 */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) return anyJson;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => key !== 'propertyNames' || !isPlainString(member))
      .map(([key, member]) => [key, tidy(member)]),
  );
}

function isPlainString(schema: unknown): boolean {
  return JSON.stringify(schema) === '{"type":"string"}';
}
