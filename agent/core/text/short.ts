/** The last 8 digits of a run's id: the first ones are its time, and alike in many. */
export function shortId(id: string): string {
  return id.slice(-8);
}

/** The first 8 digits of a digest's hex; `-` where there is none. */
export function shortDigest(digest: string | null | undefined): string {
  return digest ? digest.replace(/^sha256:/, '').slice(0, 8) : '-';
}

/** A commit as git shortens it, with `*` where the tree was dirty; `-` where there is none. */
export function shortCommit(commit: string | null, clean: boolean | null): string {
  const star = clean === false ? '*' : '';
  return commit === null ? (star === '' ? '-' : `none${star}`) : `${commit.slice(0, 7)}${star}`;
}
