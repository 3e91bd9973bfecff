/**
 * Tells paths that match one of the `ignore` globs of `runrecord.yaml`. As in a `.gitignore`: a
 * pattern with a slash counts from the workspace root, one without matches at any depth, and what
 * matches a folder covers all below it. `*`, `?` and `[…]` stop at `/`, `**` does not.
 */
export function createIgnore(globs: string[]): (path: string) => boolean {
  const rules = globs.map((glob) => globPattern(glob));
  return (path) => rules.some((rule) => rule.test(path));
}

function globPattern(glob: string): RegExp {
  const trimmed = glob.replace(/^\.?\//, '').replace(/\/(\*\*)?$/, '');
  const anywhere = !trimmed.includes('/') && !/^\.?\//.test(glob) && !glob.endsWith('/**');
  return new RegExp(`^${anywhere ? '(?:.*/)?' : ''}${translate(trimmed)}(?:/.*)?$`, 's');
}

function translate(glob: string): string {
  let pattern = '';
  let depth = 0;
  for (let at = 0; at < glob.length; at += 1) {
    const rest = glob.slice(at);
    const set = /^\[([!^]?)((?:\]|[^\]])[^\]]*)\]/.exec(rest);
    if (rest.startsWith('**/')) {
      pattern += '(?:.*/)?';
      at += 2;
    } else if (rest.startsWith('**')) {
      pattern += '.*';
      at += 1;
    } else if (rest[0] === '*') pattern += '[^/]*';
    else if (rest[0] === '?') pattern += '[^/]';
    else if (set !== null) {
      pattern += `[${set[1] === '' ? '' : '^'}${(set[2] ?? '').replace(/[\\\]^]/g, '\\$&')}]`;
      at += set[0].length - 1;
    } else if (rest[0] === '{' && rest.includes('}')) {
      pattern += '(?:';
      depth += 1;
    } else if (rest[0] === '}' && depth > 0) {
      pattern += ')';
      depth -= 1;
    } else if (rest[0] === ',' && depth > 0) pattern += '|';
    else pattern += (rest[0] ?? '').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  }
  return pattern + ')'.repeat(depth);
}
