import type { Json } from '../../protocol/values.ts';
import type { Composed, HydraOptions } from './hydra-compose.ts';
import { OverrideError } from './hydra-element.ts';
import { parseHydraOverride } from './hydra-override.ts';
import type { HydraWord } from './hydra-words.ts';
import { sweepsOf } from './hydra-words.ts';
import type { KnownResolver } from './interpolate.ts';
import { findNode } from './overrides.ts';

export interface Runtime {
  /** To be composed again so: the configs make it a multirun, or name sweeps of their own. */
  again: HydraOptions | null;
  notes: string[];
  chdir: boolean;
  resolver: KnownResolver;
}

/** What Hydra's own settings, as they were composed, mean for the program. */
export function readRuntime(
  composed: Composed,
  options: HydraOptions,
  place: { cwd: string; script: string },
): Runtime {
  const { hydra, choices } = composed;
  const setting = (...path: string[]) => {
    const node = findNode(hydra, path);
    return node?.kind === 'scalar' ? node.value : null;
  };
  const multirun = options.multirun || String(setting('mode')).toUpperCase() === 'MULTIRUN';
  const added = multirun ? sweepsOfSettings(composed, options.words) : [];
  const isNew = multirun !== options.multirun || added.length > 0;
  const sweeps = [...sweepsOf(options.words), ...added].map(({ text }) => text);
  const over = sweeps.length === 0 ? '' : ` over ${sweeps.join(' and ')}`;
  const name = setting('job', 'name') ?? place.script;
  const override = options.words
    .filter(({ parsed: { key } }) => !/^hydra[./]/.test(key))
    .map(({ text }) => text)
    .sort();
  const known: { [path: string]: Json } = {
    'runtime.cwd': place.cwd,
    'job.name': name,
    'job.config_name': options.configName,
    // How it is written can be set, and then it is not known here.
    ...(findNode(hydra, ['job', 'config', 'override_dirname']) === null && !multirun
      ? { 'job.override_dirname': override.join(',') }
      : {}),
  };
  for (const [key, option] of choices) known[`runtime.choices.${key}`] = option;
  const chdir = setting('job', 'chdir');
  return {
    again: isNew ? { ...options, multirun, words: [...options.words, ...added] } : null,
    notes: multirun ? [`a multirun${over}: the values of each job are in its own record`] : [],
    chdir: chdir === null ? options.legacy : chdir === true,
    resolver: (resolver, argument) =>
      resolver === 'hydra' && Object.hasOwn(known, argument.trim())
        ? known[argument.trim()]
        : undefined,
  };
}

/** `hydra.sweeper.params`: what the command line sweeps over itself stands. */
function sweepsOfSettings({ hydra }: Composed, words: HydraWord[]): HydraWord[] {
  const params = findNode(hydra, ['sweeper', 'params']);
  const said = new Set(words.map(({ parsed: { key } }) => key));
  if (params?.kind !== 'map') return [];
  return [...params.entries].flatMap(([key, node]): HydraWord[] => {
    const name = key.replace(/^[+~]+/, '');
    if (node.kind !== 'scalar' || node.value === null || said.has(name)) return [];
    const text = `${key}=${node.value}`;
    try {
      return [{ text, parsed: parseHydraOverride(text) }];
    } catch (thrown) {
      if (thrown instanceof OverrideError) return [];
      throw thrown;
    }
  });
}
