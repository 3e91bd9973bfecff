/** Words of a value that waits to be filled in, inside `<...>`. */
const askingWords =
  /(?:^|[\s_-])(?:your|my|insert|enter|replace|change|changeme|fill|todo|fixme|here|path|dir|directory|file|key|password|secret|username|host|hostname|url|project|entity|bucket|name)(?:$|[\s_-])/i;
const bare =
  /^(?:todo|fixme|tbd|change[-_ ]?me|change[-_ ]?this|replace[-_ ]?me|replace[-_ ]?this|fill[-_ ]?me(?:[-_ ]?in)?|placeholder|x{3,}|your[-_][\w-]+|insert[-_][\w-]+[-_]here|my[-_]secret[-_]here|put[-_][\w-]+[-_]here)$/i;

/**
 * Whether a text stands for a value that the user has still to write. Special tokens (`<pad>`,
 * `<MASK>`, `<|endoftext|>`) and prose are not.
 */
export function isPlaceholder(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length > 200) return false;
  if (bare.test(trimmed)) return true;
  if (/^(?:TODO|FIXME|TBD)[:(]/.test(trimmed)) return true;
  if (/^\/?path\/to(?:\/|$)/i.test(trimmed)) return true;
  const whole = /^<([A-Za-z][\w .-]*)>$/.exec(trimmed)?.[1];
  if (whole !== undefined) {
    return askingWords.test(whole) || /^(?:[A-Z]+_)*(?:API_)?(?:TOKEN|ID)$/.test(whole);
  }
  // Inside a longer text only the unmistakable ones: `https://<YOUR_HOST>/x`.
  return /<(?:your|insert|enter|replace|change|fill)[\w .-]*>/i.test(trimmed);
}
