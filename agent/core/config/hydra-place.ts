import type { Default } from './hydra-default.ts';

/** Where defaults lie and where their content goes, as `default_element.py` of Hydra 1.3 has it. */

function relativeGroup({ kind, name }: Default): string {
  const path = name.startsWith('/') ? name.slice(1) : name;
  if (kind === 'group') return path;
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/** The group that a default belongs to, from the root of the search path. */
export function groupPathOf(entry: Default): string {
  const own = relativeGroup(entry);
  if (entry.name.startsWith('/') || entry.parent.groupPath === '') return own;
  return own === '' ? entry.parent.groupPath : `${entry.parent.groupPath}/${own}`;
}

/** The option's name; null where none is chosen. */
export function optionOf(entry: Default): string | null {
  if (entry.kind === 'group') return typeof entry.value === 'string' ? entry.value : null;
  return entry.name.slice(entry.name.lastIndexOf('/') + 1);
}

/** The file of a default, without its ending. */
export function configPathOf(entry: Default): string {
  if (entry.kind === 'group') return `${groupPathOf(entry)}/${optionOf(entry)}`;
  if (entry.name.startsWith('/')) return entry.name.slice(1);
  return entry.parent.groupPath === '' ? entry.name : `${entry.parent.groupPath}/${entry.name}`;
}

/** `legacy`: `version_base` below 1.2, where `_name_` in a package stands for the option. */
export function packageOf(entry: Default, legacy: boolean, withHeader = true): string {
  let own = entry.package ?? (withHeader ? entry.header : null);
  own ??= relativeGroup(entry).replaceAll('/', '.');
  const name = optionOf(entry);
  if (legacy && name !== null) own = own.replaceAll('_name_', name);
  const joined = [entry.parent.package, own].filter((part) => part !== '').join('.');
  const global = joined.lastIndexOf('_global_');
  return global === -1 ? joined : joined.slice(global + '_global_.'.length);
}

/** What an override on the command line calls this default: `db`, `db@backup`. */
export function overrideKeyOf(entry: Default, legacy: boolean): string {
  const group = groupPathOf(entry);
  const target = packageOf(entry, legacy, false);
  if (target === group.replaceAll('/', '.')) return group;
  return `${group}@${target === '' ? '_global_' : target}`;
}

/** A default below its parent; `_group_` in its package is known from then on. */
export function placeBelow(entry: Default, parent: Default['parent']): Default {
  const placed = { ...entry, parent };
  if (placed.package?.includes('_group_')) {
    const group = groupPathOf(placed).replaceAll('/', '.');
    placed.package = `_global_.${placed.package.replaceAll('_group_', group)}`;
  }
  return placed;
}

/** The header's package as an absolute one; null where it says nothing. */
export function headerPackage(
  header: string | undefined,
  entry: Default,
  legacy: boolean,
): string | null {
  if (header === undefined || (legacy && header === '_group_')) return null;
  const absolute =
    header === '_global_' || header.startsWith('_global_.')
      ? header
      : header === ''
        ? '_global_'
        : `_global_.${header}`;
  return legacy
    ? absolute.replaceAll('_group_', groupPathOf(entry).replaceAll('/', '.'))
    : absolute;
}
