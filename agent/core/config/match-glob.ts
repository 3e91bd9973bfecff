/** Whether a name is what a pattern of Python's `fnmatch` means: `*`, `?`, `[a-c]`, `[!x]`. */
export function matchesGlob(name: string, glob: string): boolean {
  const steps = glob.match(/\[!?\]?[^\]]*\]|[\s\S]/g) ?? [];
  let at = 0;
  let step = 0;
  // Where to go on when what follows the last star does not fit: no more than that is tried again.
  let star = -1;
  let from = 0;
  while (at < name.length) {
    const pattern = steps[step];
    if (pattern === '*') {
      star = step++;
      from = at;
    } else if (pattern !== undefined && matchesOne(name.charAt(at), pattern)) {
      at++;
      step++;
    } else if (star !== -1) {
      step = star + 1;
      at = ++from;
    } else return false;
  }
  while (steps[step] === '*') step++;
  return step === steps.length;
}

function matchesOne(character: string, pattern: string): boolean {
  if (pattern === '?') return true;
  if (pattern.length < 3 || !pattern.startsWith('[')) return character === pattern;
  const isNot = pattern.startsWith('[!');
  const set = pattern.slice(isNot ? 2 : 1, -1);
  const ranges = set.match(/[\s\S]-[\s\S]|[\s\S]/g) ?? [];
  const isIn = ranges.some((range) =>
    range.length === 3
      ? character >= range.charAt(0) && character <= range.charAt(2)
      : character === range,
  );
  return isIn !== isNot;
}
