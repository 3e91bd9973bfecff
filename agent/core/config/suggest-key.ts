import type { ConfigNode } from './node.ts';

const known = new WeakMap<ConfigNode, { keys: string[]; asked: number }>();
/** Nobody reads more, and each is a look through all keys. */
const mostSuggestions = 100;

/** The key that was meant, as far as one letter or case is wrong, or the end is the same. */
export function suggestKey(path: string, root: ConfigNode): string {
  const wanted = path.replace(/^\.+/, '').toLowerCase();
  const last = wanted.slice(wanted.lastIndexOf('.') + 1);
  const state = known.get(root) ?? { keys: keysOf(root, '', []), asked: 0 };
  known.set(root, state);
  if (++state.asked > mostSuggestions) return '';
  const { keys } = state;
  const near =
    keys.find((key) => key.toLowerCase() === wanted || isOneEdit(key.toLowerCase(), wanted)) ??
    keys.find((key) => key.toLowerCase().endsWith(`.${last}`));
  return near === undefined ? '' : `; did you mean \`${near}\`?`;
}

function keysOf(node: ConfigNode, prefix: string, found: string[]): string[] {
  if (node.kind !== 'map' || found.length > 5_000) return found;
  for (const [key, entry] of node.entries) {
    found.push(prefix + key);
    keysOf(entry, `${prefix}${key}.`, found);
  }
  return found;
}

function isOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a.length < 3) return false;
  let start = 0;
  while (start < a.length && a.charAt(start) === b.charAt(start)) start++;
  const rest = (text: string, skip: number) => text.slice(start + skip);
  const isSwapped =
    a.charAt(start) === b.charAt(start + 1) && a.charAt(start + 1) === b.charAt(start);
  if (isSwapped && rest(a, 2) === rest(b, 2)) return true;
  return rest(a, 1) === rest(b, 1) || rest(a, 1) === rest(b, 0) || rest(a, 0) === rest(b, 1);
}
