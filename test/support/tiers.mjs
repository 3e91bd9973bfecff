// The tiers of the test suite, in the order in which they run. A new tier is one more line.
//   timeoutS  one test may take this long; the slowest ones set their own with `this.timeout`
//   limitS    the whole tier may; then it is ended and counted as failed
//   wants     what is looked for, and brought where that is possible, before the tier starts
export const tiers = [
  {
    name: 'house',
    about: 'types, style, dead code, directions, references',
    timeoutS: 120,
    limitS: 400,
    wants: [],
  },
  {
    name: 'unit',
    about: 'each room on its own',
    timeoutS: 30,
    limitS: 400,
    wants: ['pyyaml', 'sqlite3'],
  },
  { name: 'cli', about: 'the built command line', timeoutS: 60, limitS: 400, wants: ['sqlite3'] },
  {
    name: 'fault',
    about: 'kills, disks, signals, torn files',
    timeoutS: 120,
    limitS: 600,
    wants: ['sqlite3', 'strace'],
  },
];
