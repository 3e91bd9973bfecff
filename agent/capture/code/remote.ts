import { type GitConfig, lastValue } from './git-config.ts';

/** The URL of `origin`, else of the branch's remote, without credentials; null where none is set. */
export function remoteOf(config: GitConfig, branch: string | null): string | null {
  const tracked = branch === null ? undefined : lastValue(config, `branch.${branch}.remote`);
  const names = ['origin', ...(tracked === undefined ? [] : [tracked])];
  for (const name of names) {
    const url = config.get(`remote.${name}.url`)?.[0];
    if (url !== undefined && url !== '') return withoutCredentials(url);
  }
  const first = [...config].find(([key]) => /^remote\..*\.url$/s.test(key));
  return first?.[1][0] === undefined ? null : withoutCredentials(first[1][0]);
}

/**
 * A remote's URL without user name, password, token, query or fragment. The user of an ssh URL
 * (`git@`) is part of the address and stays; a password beside it does not.
 */
export function withoutCredentials(url: string): string {
  const parts =
    /^([A-Za-z][A-Za-z0-9+.-]*(?:::[A-Za-z][A-Za-z0-9+.-]*)?):\/\/([^/?#]*)([^?#]*)/s.exec(url);
  if (parts !== null) {
    const [, scheme = '', authority = '', path = ''] = parts;
    const at = authority.lastIndexOf('@');
    const host = authority.slice(at + 1);
    const user = at < 0 ? '' : authority.slice(0, at);
    const isSsh = /^(git\+)?ssh(\+git)?$/i.test(scheme);
    return `${scheme}://${isSsh && user !== '' ? `${user.split(':')[0]}@` : ''}${host}${path}`;
  }
  // A helper's own address (`ext::program …`) may hold anything.
  const helper = /^([A-Za-z0-9]+)::/.exec(url);
  if (helper !== null) return `${helper[1]}::`;
  // `user:password@host:path`, the form without a scheme.
  return url.replace(/^([^/:@]+):[^/@]*@/, '$1@');
}
