/** A version as PEP 440 orders it. */
export interface Version {
  epoch: number;
  release: number[];
  /** Sorts among versions of the same release: dev, alpha, beta, rc, final, post. */
  suffix: number[];
  local: string | null;
}

const kinds: Record<string, number> = { a: 0, alpha: 0, b: 1, beta: 1, c: 2, rc: 2, pre: 2 };
kinds.preview = 2;

const pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d*))?((?:-\d+)|(?:[-_.]?(?:post|rev|r)[-_.]?\d*))?([-_.]?dev[-_.]?\d*)?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

/** Null where the text is no version of Python's, as `2024b` or a date with dashes. */
export function parseVersion(text: string): Version | null {
  const match = pattern.exec(text.trim().toLowerCase());
  if (!match) return null;
  const [, epoch, release = '', kind, number, post, dev, local] = match;
  const digits = (part: string | undefined): number => Number(/\d+$/.exec(part ?? '')?.[0] ?? 0);
  const last = Number.MAX_SAFE_INTEGER;
  // `1.0.dev1` comes before `1.0a1`, and `1.0.post1.dev1` before `1.0.post1`.
  const pre = kind !== undefined ? [kinds[kind] ?? 0, Number(number || 0)] : [9, 0];
  const early = kind === undefined && post === undefined && dev !== undefined;
  return {
    epoch: Number(epoch ?? 0),
    release: release.split('.').map(Number),
    suffix: [
      ...(early ? [-1, 0] : pre),
      post === undefined ? -1 : digits(post),
      dev === undefined ? last : digits(dev),
    ],
    local: local?.replaceAll(/[-_]/g, '.') ?? null,
  };
}

/** Negative, zero or positive; the local part (`+cpu`) does not count. */
export function compareVersions(a: Version, b: Version): number {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch;
  return compareNumbers(a.release, b.release) || compareNumbers(a.suffix, b.suffix);
}

function compareNumbers(a: number[], b: number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether an installed version is the one that was asked for; `2.1` also means `2.1+cpu`. */
export function sameVersion(wanted: string, installed: string): boolean {
  const [one, other] = [parseVersion(wanted), parseVersion(installed)];
  if (!one || !other) return wanted.trim().toLowerCase() === installed.trim().toLowerCase();
  return compareVersions(one, other) === 0 && (one.local === null || one.local === other.local);
}

/** Whether a version satisfies `>=1.2,<2`; null where a part of it is not understood. */
export function satisfies(installed: string, specifiers: string): boolean | null {
  let all: boolean | null = true;
  for (const part of specifiers.split(',')) {
    if (part.trim() === '') continue;
    const [, operator = '', wanted = ''] =
      /^\s*(===|==|~=|!=|<=|>=|<|>)\s*(\S+)\s*$/.exec(part) ?? [];
    const one = operator === '' ? null : satisfiesOne(installed, operator, wanted);
    if (one === false) return false;
    if (one === null) all = null;
  }
  return all;
}

const isEarly = ({ suffix: [kind = 9, , , dev] }: Version): boolean =>
  kind < 9 || dev !== Number.MAX_SAFE_INTEGER;
const isPost = ({ suffix: [, , post = -1] }: Version): boolean => post >= 0;
const sameRelease = (a: Version, b: Version): boolean =>
  a.epoch === b.epoch && compareNumbers(a.release, b.release) === 0;

function satisfiesOne(installed: string, operator: string, wanted: string): boolean | null {
  if (operator === '===') return installed.toLowerCase() === wanted.toLowerCase();
  const wildcard = /^(.+)\.\*$/.exec(wanted)?.[1];
  const version = parseVersion(installed);
  const limit = parseVersion(wildcard ?? wanted);
  if (!version || !limit) return null;
  const prefixed = (length: number): boolean =>
    version.epoch === limit.epoch &&
    limit.release
      .slice(0, length)
      .every((number, index) => number === (version.release[index] ?? 0));
  const order = compareVersions(version, limit);
  switch (operator) {
    case '==':
      return wildcard ? prefixed(limit.release.length) : sameVersion(wanted, installed);
    case '!=':
      return wildcard ? !prefixed(limit.release.length) : !sameVersion(wanted, installed);
    case '~=':
      return order >= 0 && prefixed(limit.release.length - 1);
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      // `<2` leaves out 2.0rc1 as well, and `>2` leaves out 2.0.post1.
      return order < 0 && (isEarly(limit) || !isEarly(version) || !sameRelease(version, limit));
    default:
      return order > 0 && (isPost(limit) || !isPost(version) || !sameRelease(version, limit));
  }
}
