// The tiers of the test suite, in the order in which they run. A new tier is one more line.
//   timeoutS  one test may take this long; the slowest ones set their own with `this.timeout`
//   limitS    the whole tier may; then it is ended and counted as failed
//   inside    its suites run in VS Code's extension host (test/support/vscode)
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
    timeoutS: 60,
    limitS: 1200,
    wants: ['pyyaml', 'sqlite3'],
  },
  {
    name: 'hook',
    about: 'what runs inside Python, on every version that is found',
    timeoutS: 60,
    limitS: 900,
    wants: [],
  },
  { name: 'cli', about: 'the built command line', timeoutS: 60, limitS: 900, wants: ['sqlite3'] },
  {
    name: 'fault',
    about: 'kills, disks, signals, torn files',
    timeoutS: 120,
    limitS: 1200,
    wants: ['sqlite3', 'strace'],
  },
  {
    name: 'agent',
    about: 'the built language server over its pipes',
    timeoutS: 60,
    limitS: 600,
    wants: [],
  },
  {
    name: 'host',
    about: 'inside a real VS Code, trusted and not',
    timeoutS: 60,
    limitS: 700,
    wants: ['window'],
    inside: true,
  },
  {
    name: 'ui',
    about: 'a real window with the packaged extension, as a person uses it',
    timeoutS: 180,
    limitS: 900,
    wants: ['window', 'package'],
  },
  {
    name: 'interop',
    about: 'real programs with real packages, against what the system saw of them',
    timeoutS: 120,
    limitS: 1800,
    wants: ['interop', 'strace'],
  },
];
