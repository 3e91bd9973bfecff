import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A real terminal with a program on it, driven through `terminal.py`. */
export interface TestTerminal {
  /** Of the program. */
  pid: number;
  /** All that was shown so far, one character a byte. */
  output(): string;
  /** Waits until `text` has been shown after what earlier calls have found. */
  shows(text: string): Promise<void>;
  type(text: string): void;
  resize(rows: number, columns: number): void;
  /** The terminal's modes, to be compared. */
  modes(): Promise<string>;
  /** The window is closed. */
  hangUp(): void;
  /** The exit status as a shell tells it, once the program has ended. */
  ended: Promise<number>;
  dispose(): void;
}

const driver = fileURLToPath(new URL('terminal.py', import.meta.url));

/** The terminal is 31 rows high and 97 columns wide. */
export async function openTerminal(
  command: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<TestTerminal> {
  const child: ChildProcess = spawn('python3', [driver, ...command], {
    ...options,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const started = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<number>();
  const modes: ((text: string) => void)[] = [];
  let output = '';
  let searched = 0;
  let changed = Promise.withResolvers<void>();
  let isOver = false;
  const notify = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };

  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on('line', (line) => {
    const said = JSON.parse(line) as Record<string, string | number>;
    if (typeof said.pid === 'number') started.resolve(said.pid);
    if (typeof said.output === 'string') output += said.output;
    if (typeof said.modes === 'string') for (const tell of modes.splice(0)) tell(said.modes);
    if (typeof said.status === 'number') ended.resolve(said.status);
    notify();
  });
  lines.on('close', () => {
    isOver = true;
    ended.reject(new Error(`the terminal's driver has ended; it showed: ${output}`));
    notify();
  });
  ended.promise.catch(() => {});

  const order = (command: object) => child.stdin?.write(`${JSON.stringify(command)}\n`);
  return {
    pid: await started.promise,
    output: () => output,
    async shows(text) {
      for (;;) {
        const at = output.indexOf(text, searched);
        if (at >= 0) {
          searched = at + text.length;
          return;
        }
        if (isOver) throw new Error(`never shown: ${text}; but: ${JSON.stringify(output)}`);
        await changed.promise;
      }
    },
    type: (text) => order({ send: text }),
    resize: (rows, columns) => order({ resize: [rows, columns] }),
    modes() {
      const answer = new Promise<string>((resolve) => modes.push(resolve));
      order({ modes: true });
      return answer;
    },
    hangUp: () => order({ hangup: true }),
    ended: ended.promise,
    dispose() {
      child.kill('SIGKILL');
    },
  };
}
