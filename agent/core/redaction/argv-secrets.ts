/** Programs that take a password by an option whose name does not say so. */
const programs: Record<string, { options: RegExp; isPair: boolean }> = {
  curl: { options: /^(?:-[sSfkLiv]{0,6}u|--user|-U|--proxy-user)$/, isPair: true },
  wget: { options: /^(?:--user|--proxy-user)$/, isPair: true },
  http: { options: /^(?:-a|--auth)$/, isPair: true },
  https: { options: /^(?:-a|--auth)$/, isPair: true },
  sshpass: { options: /^-p$/, isPair: false },
  'redis-cli': { options: /^-a$/, isPair: false },
  docker: { options: /^-p$/, isPair: false },
  podman: { options: /^-p$/, isPair: false },
};
/** Those that take it in the same word: `-phunter2`. */
const joined: Record<string, RegExp> = {
  mysql: /^(-p)([^-].{2,})$/s,
  mysqldump: /^(-p)([^-].{2,})$/s,
  mariadb: /^(-p)([^-].{2,})$/s,
  sshpass: /^(-p)(.{3,})$/s,
  curl: /^(-u[^\s:]{1,128}:)(.{3,})$/s,
};

/**
 * The secret in a word of a command line, known by the program that is started with it:
 * `curl -u ada:hunter2`. Answers what may be kept before it, or null.
 */
export function secretOfCommand(argv: readonly string[], at: number): { kept: string } | null {
  const word = argv[at] ?? '';
  const program = argv
    .slice(0, at)
    .map(nameOf)
    .findLast((name) => isKnown(name));
  if (program === undefined) return null;
  const own = joined[program]?.exec(word);
  if (own?.[1] !== undefined) return { kept: own[1] };
  const { options, isPair } = programs[program] ?? {};
  if (!options?.test(argv[at - 1] ?? '') || word.length < 3) return null;
  // A registry's login alone takes a password; of other verbs `-p` is a port.
  if (/^(?:docker|podman)$/.test(program) && !argv.slice(0, at).includes('login')) return null;
  if (!isPair) return { kept: '' };
  const colon = word.indexOf(':');
  return colon < 0 || colon === word.length - 1 ? null : { kept: word.slice(0, colon + 1) };
}

function isKnown(name: string): boolean {
  return Object.hasOwn(programs, name) || Object.hasOwn(joined, name);
}

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}
