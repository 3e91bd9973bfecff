/** Ends of files that are programs when they stand in a command line. */
const scriptPattern = /\.(?:py|pyw|ipynb|sh|bash|R|r|jl|pl|rb|js|mjs|cjs|ts|lua|m)$/;

export interface Script {
  /** Index in argv of the script, of the module after `-m`, or of the program itself. */
  index: number;
  /** A path to a script file; null for `-m module`, `-c code` and binaries. */
  path: string | null;
  module: string | null;
}

/**
 * Finds the program whose arguments the rest of argv is: `python -u train.py lr=1`,
 * `torchrun --nproc-per-node 2 train.py`, `python -m pkg.train`, `./train`. What stands before it
 * belongs to interpreters and launchers.
 */
export function findScript(argv: readonly string[]): Script {
  const python = argv.findIndex((token) => /(?:^|\/)(?:python|pypy)[0-9.]*(?:\.exe)?$/.test(token));
  for (let i = python + 1; python !== -1 && i < argv.length; i++) {
    const token = argv[i] ?? '';
    if (/^-[bBdEiIOPqRsSuvVx]*m$/.test(token)) {
      const launched = findLaunched(argv, i + 1);
      return launched ?? { index: i + 1, path: null, module: argv[i + 1] ?? null };
    }
    if (/^-[bBdEiIOPqRsSuvVx]*c$/.test(token)) return { index: i + 1, path: null, module: null };
    // These two take a value of their own.
    if (token === '-X' || token === '-W') i++;
    else if (!token.startsWith('-') || token === '-')
      return { index: i, path: token, module: null };
  }
  const found = argv.findIndex(
    (token, i) => i > 0 && scriptPattern.test(token) && !isOption(token),
  );
  if (found !== -1) return { index: found, path: argv[found] ?? null, module: null };
  const program = argv[0];
  return {
    index: 0,
    path: program !== undefined && scriptPattern.test(program) ? program : null,
    module: null,
  };
}

/** `python -m torch.distributed.run train.py`: the script that the module launches. */
function findLaunched(argv: readonly string[], module: number): Script | null {
  const launchers =
    /^(?:torch\.distributed\.(?:run|launch)|accelerate(?:\.commands\.launch)?|deepspeed|debugpy|cProfile|pdb|coverage|kernprof|memory_profiler|trace|runpy)$/;
  if (!launchers.test(argv[module] ?? '')) return null;
  const found = argv.findIndex(
    (token, i) => i > module && token.endsWith('.py') && !isOption(token),
  );
  return found === -1 ? null : { index: found, path: argv[found] ?? null, module: null };
}

function isOption(token: string): boolean {
  return token.startsWith('-');
}
