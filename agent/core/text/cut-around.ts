const before = 40;

/**
 * Two long texts cut to `longest` characters each so that what differs in them stays: from a
 * little before the first difference on, `…` where something is missing.
 */
export function cutAround(a: string, b: string, longest: number): [string, string] {
  if (a.length <= longest && b.length <= longest) return [a, b];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  let start = same <= before || Math.max(a.length, b.length) <= longest ? 0 : same - before;
  // A pair of code units is one character: it is not cut in two.
  if (/[\udc00-\udfff]/.test(a[start] ?? '')) start -= 1;
  const cut = (text: string): string => {
    const head = start > 0 ? '…' : '';
    const rest = text.slice(start);
    if (rest.length <= longest) return `${head}${rest}`;
    return `${head}${rest.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…`;
  };
  return [cut(a), cut(b)];
}
