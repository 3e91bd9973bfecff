import { isSweep, OverrideError } from './hydra-element.ts';
import { frameworkOption } from './hydra-options.ts';
import { type HydraOverride, parseHydraOverride } from './hydra-override.ts';
import type { Override } from './overrides.ts';

/** A word of a command line that Hydra takes as an override. */
export interface HydraWord {
  text: string;
  parsed: HydraOverride;
}

export interface HydraCommand {
  /** All that counts as configuration: options of Hydra, its own settings, and the program's. */
  overrides: Override[];
  words: HydraWord[];
  /** Words that Hydra refuses, and why. */
  refused: { text: string; message: string }[];
}

/** Reads a command line as Hydra does: what is no option of its own is an override. */
export function readHydraCommand(argv: readonly string[], from: number): HydraCommand {
  const command: HydraCommand = { overrides: [], words: [], refused: [] };
  for (let i = from; i < argv.length; i++) {
    const text = argv[i] ?? '';
    const option = frameworkOption(argv, i);
    if (option !== null) {
      command.overrides.push(option);
      i = option.tokens.at(-1) ?? i;
      continue;
    }
    // An option of a launcher, or one that argparse will refuse.
    if (/^-(?!\d)/.test(text)) continue;
    try {
      const parsed = parseHydraOverride(text);
      command.words.push({ text, parsed });
      command.overrides.push(describe(text, parsed, i));
    } catch (thrown) {
      if (!(thrown instanceof OverrideError)) throw thrown;
      command.refused.push({ text, message: thrown.message });
    }
  }
  return command;
}

function describe(text: string, parsed: HydraOverride, token: number): Override {
  const { key } = parsed;
  const equal = text.indexOf('=');
  const isOwn = /^hydra(?:[./]|$)/.test(key);
  return {
    kind: isOwn ? 'framework' : parsed.kind,
    key: parsed.package === null ? key : `${key}@${parsed.package}`,
    segments: key.split('.'),
    value: equal === -1 ? null : text.slice(equal + 1),
    style: 'assign',
    text,
    tokens: [token],
  };
}

/** The words that stand for several jobs. */
export function sweepsOf(words: readonly HydraWord[]): HydraWord[] {
  return words.filter(({ parsed: { value } }) => value !== null && isSweep(value));
}
