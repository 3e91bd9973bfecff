import { type Default, makeDefault } from './hydra-default.ts';
import { elementText, elementToJson, isSweep } from './hydra-element.ts';
import { groupPathOf, optionOf, overrideKeyOf } from './hydra-place.ts';
import type { HydraWord } from './hydra-words.ts';
import type { Diagnostic } from './node.ts';

type Option = string | string[] | null;

export type Refuse = (problem: Omit<Diagnostic, 'key'> & { key?: string }) => void;

interface Choice {
  value: Option;
  used: boolean;
  /** The config that overrides; null for the command line. */
  by: string | null;
  text: string;
}

/**
 * The choices of groups that the command line and `override` entries have made, as the class
 * `Overrides` of Hydra's `defaults_list.py` keeps them. What it refuses goes to `refuse`.
 */
export function createChoices(
  words: HydraWord[],
  groupExists: (group: string) => boolean,
  legacy: boolean,
  refuse: Refuse,
) {
  const choices = new Map<string, Choice>();
  const known = new Map<string, string | null>();
  const keysOfGroup = new Map<string, Set<string>>();
  const deletions = new Map<string, { name: string | null; used: boolean; text: string }>();
  const appended: Default[] = [];
  /** What sets values, and no option of a group. */
  const rest: HydraWord[] = [];
  const nowhere = { path: null, line: null };

  for (const word of words) {
    const { kind, key, package: target, value } = word.parsed;
    const { text } = word;
    if (isDict(word) || !groupExists(key)) {
      rest.push(word);
      continue;
    }
    const whole = target === null ? key : `${key}@${target}`;
    const option = readOption(word);
    if (kind === 'force') {
      const message = `${text}: Hydra takes no ++ before a group`;
      refuse({ reason: 'schema', message, ...nowhere });
    } else if (option === undefined || (kind !== 'delete' && value === null)) {
      const message = `${text}: the option of a group is a text`;
      refuse({ reason: 'schema', message, ...nowhere });
    } else if (kind === 'delete') {
      const name = Array.isArray(option) ? null : option;
      deletions.set(whole, { name, used: false, text });
    } else if (kind === 'add') {
      const entry = { kind: 'group', name: key, value: option, package: target } as const;
      appended.push(makeDefault({ ...entry, external: true }));
    } else choices.set(whole, { value: option, used: false, by: null, text });
  }

  return {
    rest,
    appended,
    known,
    choices,

    /** An `override` entry: what was said before it, nearer to the root, stands. */
    override(entry: Default, by: string): void {
      const key = overrideKeyOf(entry, legacy);
      if (choices.has(key)) return;
      choices.set(key, { value: entry.value, used: false, by, text: `override ${key}` });
    },

    /** The entry with the option that was chosen for it. */
    choose(entry: Default): Default {
      const choice = entry.kind === 'group' ? choices.get(overrideKeyOf(entry, legacy)) : undefined;
      if (choice === undefined) return entry;
      choice.used = true;
      return { ...entry, value: choice.value };
    },

    isDeleted(entry: Default): boolean {
      if (entry.kind !== 'group') return false;
      const deletion = deletions.get(overrideKeyOf(entry, legacy));
      if (deletion === undefined) return false;
      if (deletion.name !== null && deletion.name !== optionOf(entry)) return false;
      deletion.used = true;
      return true;
    },

    note(entry: Default): void {
      if (entry.kind !== 'group') return;
      const key = overrideKeyOf(entry, legacy);
      const name = optionOf(entry);
      const before = known.get(key);
      if (before === undefined) known.set(key, name);
      else if (before !== name) {
        const message = `two options for ${key}: write \`override ${key}: ${name}\` for the second`;
        refuse({ reason: 'schema', message, ...entry.place });
      }
      const group = groupPathOf(entry);
      keysOfGroup.set(group, (keysOfGroup.get(group) ?? new Set()).add(key));
    },

    tellUnused(): void {
      for (const [key, { used, by, text, value }] of choices) {
        if (used || key.startsWith('hydra/')) continue;
        const [group = ''] = key.split('@');
        const near = [...(keysOfGroup.get(group) ?? [])].sort();
        const help =
          near.length > 0
            ? `did you mean ${near.join(' or ')}?`
            : by === null
              ? `add it with +${key}=${Array.isArray(value) ? `[${value}]` : value}`
              : 'take the line away, or put the group into a defaults list';
        const where = by === null ? text : `${by}: ${text}`;
        const message = `${where}: no defaults list has the group ${key}; ${help}`;
        refuse({ reason: 'schema', message, ...nowhere });
      }
      for (const { used, text } of deletions.values()) {
        if (used) continue;
        const message = `${text}: no defaults list has this to take away`;
        refuse({ reason: 'schema', message, ...nowhere });
      }
    },
  };
}

export type Choices = ReturnType<typeof createChoices>;

function isDict({ parsed: { value } }: HydraWord): boolean {
  return value !== null && !isSweep(value) && value.kind === 'dict';
}

/** Undefined for what is no option. */
function readOption({ parsed: { value } }: HydraWord): Option | undefined {
  if (value === null || isSweep(value)) return null;
  if (value.kind === 'list') return value.items.map(elementText);
  return value.kind === 'text' ? String(elementToJson(value)) : undefined;
}
