/** What could not be seen of a run's files, gathered while it goes on. */
export interface Unseen {
  /** The programs of the command itself that are no Python. */
  foreign: ReadonlySet<string>;
  /** The command is Python, and said nothing. */
  silent: boolean;
  /** Python programs with options that keep the report out. */
  isolated: ReadonlySet<string>;
  /** Programs that are no Python, and were started by the run. */
  native: ReadonlySet<string>;
  /** Programs that were given an environment without what reports. */
  scrubbed: ReadonlySet<string>;
  /** Python programs that were started and said nothing. */
  mute: ReadonlySet<string>;
  /** Libraries whose native code could open files past Python. */
  extensions: ReadonlySet<string>;
  /** In the words of the process itself. */
  blind: ReadonlySet<string>;
  /** Processes of which not all could be read. */
  torn: number;
}

const mostNames = 5;

/** Why a record of files is not known to be whole, in words for a person; nothing where it is. */
export function describeUnseen(unseen: Unseen): string[] {
  const { foreign, isolated, native, scrubbed, mute, blind, torn } = unseen;
  const said: string[] = [];
  if (foreign.size > 0) {
    const [verb, who] = foreign.size === 1 ? ['is', 'it does'] : ['are', 'they do'];
    said.push(`${list(foreign)} ${verb} not Python: what ${who} was not seen from inside`);
  }
  if (unseen.silent) said.push('Python did not load what reports from inside');
  if (isolated.size > 0) said.push(`kept out what reports from inside: ${list(isolated)}`);
  if (native.size > 0) said.push(`not Python, and not seen from inside: ${list(native)}`);
  if (scrubbed.size > 0) {
    said.push(`started with an environment without what reports from inside: ${list(scrubbed)}`);
  }
  if (mute.size > 0) said.push(`started, and said nothing from inside: ${list(mute)}`);
  if (unseen.extensions.size > 0) {
    said.push(`files that native code opens past Python: ${list(unseen.extensions)}`);
  }
  for (const what of blind) said.push(what);
  if (torn > 0) {
    said.push(`what ${torn === 1 ? 'a process' : `${torn} processes`} said is not whole`);
  }
  return said;
}

function list(names: ReadonlySet<string>): string {
  const sorted = [...names].sort();
  const more = sorted.length - mostNames;
  return sorted.slice(0, mostNames).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
