/** Places that a program may read from over a network. */
const schemes =
  /^(?:s3|s3a|s3n|gs|gcs|az|abfss?|wasbs?|adl|r2|oci|oss|hdfs|webhdfs|hf|dvc|dbfs|ftps?|sftp|https?):\/\/[^\s/]/i;

export function isDataUri(text: string): boolean {
  return text.length <= 4_096 && schemes.test(text);
}

/** The path of a `file:` URL, or null. */
export function pathOfFileUrl(text: string): string | null {
  if (!/^file:\/\/(?:localhost)?\//i.test(text)) return null;
  try {
    return decodeURIComponent(new URL(text).pathname);
  } catch {
    return null;
  }
}

/** Query parameters that say which version is meant; all others may sign or authorise. */
const harmless =
  /^(?:version(?:id)?|generation|revision|rev|ref|format|split|subset|name|part|page)$/i;

/**
 * The URI without what grants access: user and password, and the query's parameters but for those
 * that name a version (a presigned URL is a secret). `redacted` tells whether anything went.
 */
export function stripCredentials(uri: string): { uri: string; redacted: boolean } {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/is.exec(uri) ?? [];
  if (scheme === '') return { uri, redacted: false };
  const [, place = '', query, fragment] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(rest) ?? [];
  const slash = place.indexOf('/');
  const authority = slash < 0 ? place : place.slice(0, slash);
  const path = slash < 0 ? '' : place.slice(slash);
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? '' : authority.slice(0, at);
  // `abfss://container@account` and `hf://user@host` name a place, a password has a colon.
  const named = /^(?:abfss?|wasbs?)/i.test(scheme) && !user.includes(':');
  const host = named ? authority : authority.slice(at + 1);
  const kept = (query ?? '').split('&').filter((pair) => harmless.test(pair.split('=')[0] ?? ''));
  const keptFragment = /token|key|secret|sig|password/i.test(fragment ?? '')
    ? ''
    : (fragment ?? '');
  const clean = `${scheme}${host}${path}${kept.length > 0 ? `?${kept.join('&')}` : ''}${keptFragment}`;
  return { uri: clean, redacted: clean !== uri };
}

/** The version that a URI names itself: of a bucket's object, a revision of a repository. */
export function versionOfUri(uri: string): string | null {
  const [, query = ''] = /\?([^#]*)/.exec(uri) ?? [];
  for (const pair of query.split('&')) {
    const [name = '', value = ''] = pair.split('=');
    if (/^(?:version(?:id)?|generation|revision|rev|ref)$/i.test(name) && value !== '')
      return value;
  }
  // `gs://bucket/object#1712`, `hf://datasets/lab/x@main/a.csv`, `.../resolve/<commit>/a.csv`.
  const [, generation] = /^g(?:s|cs):\/\/[^#]*#(\d+)$/i.exec(uri) ?? [];
  if (generation !== undefined) return generation;
  const [, revision] = /^hf:\/\/[^?#]*?@([^/?#]+)/i.exec(uri) ?? [];
  if (revision !== undefined) return `hf:${revision}`;
  const [, commit] = /^https?:\/\/[^/]+\/(?:[^/]+\/)+resolve\/([0-9a-f]{40})\//i.exec(uri) ?? [];
  return commit === undefined ? null : `hf:${commit}`;
}
