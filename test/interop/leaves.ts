/** Keys of the leaves of nested objects, with dots between them; a list is one leaf. */
export function leavesOf(value: unknown, above = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [above];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, above === '' ? key : `${above}.${key}`),
  );
}
