import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import type { CliDeps } from './cli/deps.ts';
import { runCli } from './cli/run-cli.ts';
import { attendVerb, indexVerb, ownCommand, recorderContext } from './own-command.ts';
import { newId } from './store/new-id.ts';

/**
 * The composition root: puts the parts together and hands them to the command line. What a verb
 * does not need is not loaded, as a program waits for `run`.
 */

const program = fileURLToPath(import.meta.url);
const recorder = recorderContext(program);

async function here() {
  const { workspaceLayout } = await import('./store/layout.ts');
  const { findWorkspaceRoot } = await import('./store/workspace-root.ts');
  return workspaceLayout(findWorkspaceRoot(process.cwd()));
}

const notice = (text: string) => process.stderr.write(`runrecord: ${text}\n`);

const deps: CliDeps = {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  cwd: process.cwd(),
  version: packageJson.version,
  now: () => Date.now(),
  newId,
  async openRecords() {
    const [{ openRecords }, { processProbe }] = await Promise.all([
      import('./cli/open-records.ts'),
      import('./recorder/probe.ts'),
    ]);
    return openRecords({ cwd: process.cwd(), probe: processProbe, notice });
  },
  async author() {
    const { findAuthor } = await import('./cli/author.ts');
    return findAuthor(process.cwd());
  },
  async redact(text) {
    const [{ createRedactor }, { readEnvironmentFiles }] = await Promise.all([
      import('./core/redaction/redactor.ts'),
      import('./capture/environment-files.ts'),
    ]);
    const environment = { ...readEnvironmentFiles([process.cwd()]), ...process.env };
    return createRedactor({ environment }).redactText(text, 'note');
  },
  async launchRun(options) {
    const { launchRun } = await import('./recorder/launch/launch-run.ts');
    return launchRun(options, recorder);
  },
  async checkLaunch(options) {
    const { checkOnly } = await import('./recorder/launch/check-only.ts');
    return checkOnly(options, recorder);
  },
  async compareCode(a, b, root) {
    const { compareCode } = await import('./capture/code/compare-code.ts');
    return compareCode(a, b, root);
  },
  async verifyRuns(ids, progress) {
    const { verifyRuns } = await import('./recorder/verify-runs.ts');
    return verifyRuns(await here(), ids, progress);
  },
  async reindex(progress) {
    const [{ reindex }, { processProbe }] = await Promise.all([
      import('./store/index/reindex.ts'),
      import('./recorder/probe.ts'),
    ]);
    const layout = await here();
    const runs = reindex(layout, { probe: processProbe, notice, progress });
    const { findLostRecords } = await import('./recorder/lost-records.ts');
    return { runs, lost: (await findLostRecords(layout)).map(({ id }) => id) };
  },
  async recover() {
    const { recoverRuns } = await import('./recorder/recover.ts');
    return recoverRuns(await here());
  },
  async prune() {
    const { pruneLostRecords } = await import('./recorder/lost-records.ts');
    return pruneLostRecords(await here());
  },
  async serve() {
    const { serve } = await import('./server/serve.ts');
    return serve({
      version: packageJson.version,
      environment: process.env,
      attendCommand: recorder.attendCommand,
      indexCommand: (root) => ownCommand(program, indexVerb, root),
      now: () => Date.now(),
    });
  },
};

/** Does what the words ask, and answers the exit code. */
async function main(): Promise<number> {
  const [verb, root, id] = process.argv.slice(2);
  if (verb === indexVerb && root !== undefined) return bringIndexUpToDate(root);
  if (verb !== attendVerb || root === undefined || id === undefined) {
    return runCli(process.argv.slice(2), deps);
  }
  const { attendRun } = await import('./recorder/attend-run.ts');
  await attendRun(root, id);
  return 0;
}

async function bringIndexUpToDate(root: string): Promise<number> {
  const [{ openIndex }, { workspaceLayout }, { processProbe }] = await Promise.all([
    import('./store/index/open-index.ts'),
    import('./store/layout.ts'),
    import('./recorder/probe.ts'),
  ]);
  openIndex(workspaceLayout(root), { probe: processProbe, notice }).close();
  return 0;
}

void main().then((code) => {
  process.exitCode = code;
  // A run may leave processes and their keeper behind: nothing here waits for them.
  if (process.argv[2] === 'run') process.exit();
});
