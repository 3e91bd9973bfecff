// First, so that git looks while the rest of the code is read.
import './first-question.ts';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchPlainly } from './cli/launch-plainly.ts';
import { repository } from './first-question.ts';
import { recorderContext } from './own-command.ts';
import { launchRun } from './recorder/launch/launch-run.ts';

/**
 * The composition root of `run`, in a bundle that has nothing but what a launch needs, as a program
 * waits for it. What is not asked plainly (help, a mistake) is left to `main.ts`, which knows all
 * verbs.
 */

/** The bundle of all verbs lies beside this one. */
const allVerbs = join(dirname(fileURLToPath(import.meta.url)), 'main.cjs');

const launched = launchPlainly(process.argv.slice(2), {
  stderr: process.stderr,
  environment: process.env,
  launchRun: (options) => launchRun(options, { ...recorderContext(allVerbs), repository }),
});
if (launched === null) void import('./main.ts');
else {
  void launched.then((code) => {
    // A run may leave processes and their keeper behind: nothing here waits for them.
    process.exit(code);
  });
}
