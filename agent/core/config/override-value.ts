import type { Dialect } from '../../protocol/record.ts';
import type { Json } from '../../protocol/values.ts';
import { readCoreScalar } from './core-scalar.ts';
import { type ConfigNode, toJson } from './node.ts';
import type { Override } from './overrides.ts';
import { parseConfig } from './parse-config.ts';
import { readPythonScalar } from './pyyaml-scalar.ts';

/**
 * The value of an override as the program will see it, as far as that is known: by the dialect's
 * scalars, or, for an option that the program converts itself, by the type of the value that it
 * replaces. Hydra's own grammar is in hydra-override.ts.
 */
export async function readOverrideValue(
  override: Override,
  existing: ConfigNode | null,
  dialect: Dialect,
): Promise<Json> {
  const text = override.value ?? '';
  const before = existing?.kind === 'scalar' ? existing.value : undefined;
  if (override.style === 'option' && typeof before === 'string' && isText(existing)) return text;
  if (/^\s*[[{]/.test(text)) return readCollection(text, dialect);
  if (override.style === 'option' && typeof before === 'boolean') return readBoolean(text);
  // A program that keeps a number there converts the text: `1e-4` is one, whatever the loader says.
  if (typeof before === 'number' || override.style === 'option') {
    const number = readCoreScalar(text);
    if (number.type === 'int' || number.type === 'float') return number.value;
  }
  return readScalar(text, dialect);
}

function isText(node: ConfigNode | null): boolean {
  return node?.kind === 'scalar' && node.text;
}

function readBoolean(text: string): Json {
  if (/^(?:true|yes|on|1)$/i.test(text)) return true;
  return /^(?:false|no|off|0)$/i.test(text) ? false : text;
}

async function readCollection(text: string, dialect: Dialect): Promise<Json> {
  const isYaml = dialect === 'pyyaml' || dialect === 'omegaconf' || dialect === 'json';
  const parsed = await parseConfig(text, isYaml ? dialect : 'yaml-1.2', '');
  return parsed.root === null || parsed.diagnostics.length > 0 ? text : toJson(parsed.root);
}

function readScalar(text: string, dialect: Dialect): Json {
  try {
    if (dialect === 'pyyaml' || dialect === 'omegaconf')
      return readPythonScalar(text, dialect).value;
  } catch {
    return text;
  }
  return readCoreScalar(text).value;
}
