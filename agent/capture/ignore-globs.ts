import ignore from 'ignore';

/**
 * Tells paths, relative to the workspace root and with a slash at the end of a folder's, that the
 * `ignore` list of `runrecord.yaml` names, by the rules of a `.gitignore`. Whatever the file system
 * does, case counts: a record must not depend on the disk it was made on.
 */
export function createIgnore(globs: string[]): (path: string) => boolean {
  // People write `./scratch`; a `.gitignore` has no such thing.
  const rules = globs.map((glob) => glob.replace(/^\.\//, '/'));
  const matcher = ignore({ ignorecase: false, allowRelativePaths: true }).add(rules);
  return (path) =>
    path !== '' &&
    // `scratch/**` names all that is in a folder, and so the repository that the folder may be.
    (matcher.ignores(path) || (path.endsWith('/') && matcher.ignores(`${path}content`)));
}
