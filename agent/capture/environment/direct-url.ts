interface DirectUrl {
  url?: unknown;
  subdirectory?: unknown;
  dir_info?: { editable?: unknown };
  vcs_info?: { vcs?: unknown; commit_id?: unknown };
  archive_info?: { hash?: unknown; hashes?: Record<string, unknown> };
}

/**
 * Where a package came from when not from an index, as `direct_url.json` (PEP 610) has it, in the
 * form of a requirement: `git+URL@COMMIT`, `-e file:///...`, `URL#sha256=...`. Without credentials;
 * null where the file tells nothing.
 */
export function describeDirectUrl(text: string): string | null {
  let direct: DirectUrl;
  try {
    direct = JSON.parse(text) as DirectUrl;
  } catch {
    return null;
  }
  if (typeof direct?.url !== 'string') return null;
  const url = direct.url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, '$1')
    .replace(/[?#].*$/s, '');
  const subdirectory =
    typeof direct.subdirectory === 'string' ? `subdirectory=${direct.subdirectory}` : null;
  const withFragment = (place: string, ...parts: (string | null)[]): string => {
    const known = parts.filter((part) => part !== null);
    return known.length === 0 ? place : `${place}#${known.join('&')}`;
  };
  const { vcs, commit_id: commit } = direct.vcs_info ?? {};
  if (typeof vcs === 'string') {
    const at = typeof commit === 'string' ? `@${commit}` : '';
    return withFragment(`${vcs}+${url}${at}`, subdirectory);
  }
  if (direct.dir_info?.editable === true) return `-e ${url}`;
  return withFragment(url, archiveHash(direct.archive_info), subdirectory);
}

function archiveHash(archive: DirectUrl['archive_info']): string | null {
  const sha256 = archive?.hashes?.sha256;
  if (typeof sha256 === 'string') return `sha256=${sha256}`;
  return typeof archive?.hash === 'string' && archive.hash.includes('=') ? archive.hash : null;
}
