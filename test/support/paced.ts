import type { ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from './workspace.ts';

/** Tells a metric each time that its file of steps names a higher number; -1 ends it. */
export const pacedProgram = `import json, os, sys, time
os.makedirs("out", exist_ok=True)
told = 0
while True:
    try:
        step = int(open(sys.argv[1]).read() or told)
    except FileNotFoundError:
        step = told
    if step < 0:
        break
    while told < step:
        told += 1
        with open(os.environ["RUNRECORD_EVENTS"], "a") as file:
            line = {"type": "metric", "name": "val_acc", "value": told / 100, "step": told}
            file.write(json.dumps(line) + "\\n")
        with open("out/step-%d.txt" % told, "w") as file:
            file.write("step %d" % told)
    time.sleep(0.02)
print("done", flush=True)
`;

/** A run that goes on for as long as a test wants, started from a plain terminal. */
export interface PacedRun {
  process: ChildProcess;
  /** Lets it tell its metric up to this step: `step / 100`. */
  reach(step: number): void;
  finish(): void;
}

let count = 0;

export function startPaced(workspace: Workspace, name: string): PacedRun {
  count += 1;
  const steps = join(workspace.root, '..', `steps-${count}.txt`);
  rmSync(steps, { force: true });
  const child = workspace.start(['run', '--name', name, '--', 'python3', 'paced.py', steps], {
    stdio: 'ignore',
  });
  return {
    process: child,
    reach: (step) => writeFileSync(steps, String(step)),
    finish: () => writeFileSync(steps, '-1'),
  };
}
