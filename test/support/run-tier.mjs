// One tier is one process under Node 24: mocha, or what starts VS Code and runs mocha inside of it.
// What it counted comes back through a file: a
// process that died, hung or found no test leaves none, and that is a failure of its own.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nodePath, root } from './prepare.mjs';

// After its last test a tier has this long to end by itself.
const lingerMs = 20_000;

/**
 * Runs the tests of a tier and shows them as they pass.
 * @param {{name: string, timeoutS: number, limitS: number, inside?: boolean}} tier
 * @param {{env: NodeJS.ProcessEnv, temporary: string, files: string[], passed: string[]}} options
 *   `files` below test/ instead of the whole tier; `passed` on to mocha.
 * @returns {Promise<{passed: number, failed: number, skipped: number, problem: string | null}>}
 */
export async function runTier(tier, { env, temporary, files, passed }) {
  const results = join(temporary, `${tier.name}.results.json`);
  rmSync(results, { force: true });
  const command = tier.inside ? insideArguments : mochaArguments;
  const child = spawn(
    nodePath(),
    ['--disable-warning=ExperimentalWarning', ...command(tier, results, files, passed)],
    // A group of its own, so that a tier that hangs is ended with all that it started.
    {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: process.platform !== 'win32',
    },
  );
  const problem = await waitFor(child, tier, results);
  const counts = existsSync(results)
    ? JSON.parse(readFileSync(results, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0 };
  return { ...counts, problem: problem ?? emptiness(counts, passed) };
}

/** Mocha's own command. */
function mochaArguments(tier, results, files, passed) {
  return [
    join(root, 'node_modules/mocha/bin/mocha.js'),
    '--no-config',
    '--no-package',
    '--forbid-only',
    // The messages of node:assert have one.
    '--no-diff',
    `--timeout=${tier.timeoutS * 1000}`,
    `--reporter=${join(root, 'test/support/reporter.cjs')}`,
    `--reporter-option=results=${results}`,
    ...passed,
    ...(files.length > 0 ? files : [`test/${tier.name}/**/*.test.ts`]),
  ];
}

/** The same for suites that run inside VS Code. */
function insideArguments(tier, results, files, passed) {
  return [
    join(root, 'test/support/vscode/run-inside.ts'),
    `--timeout=${tier.timeoutS * 1000}`,
    `--results=${results}`,
    ...passed,
    ...files,
  ];
}

/** Resolves, when the process has ended, with what was wrong about its end, or null. */
function waitFor(child, tier, results) {
  return new Promise((resolve) => {
    let lastTestAt = null;
    let problem = null;
    const end = (why) => {
      problem ??= why;
      killGroup(child);
    };
    const limit = setTimeout(
      () => end(`took longer than ${tier.limitS} s and was ended`),
      tier.limitS * 1000,
    );
    const watch = setInterval(() => {
      if (lastTestAt === null && existsSync(results)) lastTestAt = Date.now();
      if (lastTestAt !== null && Date.now() - lastTestAt > lingerMs) {
        end('did not end after its last test: something was left open');
      }
    }, 1000);
    const interrupt = () => end('was interrupted');
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', interrupt);

    const settle = (why) => {
      clearTimeout(limit);
      clearInterval(watch);
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
      resolve(problem ?? why);
    };
    child.once('error', (error) => settle(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      if (signal !== null) settle(`died of ${signal}`);
      else if (!existsSync(results)) settle(`ended with ${code} before its tests were done`);
      else if (code !== 0 && JSON.parse(readFileSync(results, 'utf8')).failed === 0) {
        settle(`ended with ${code} though no test failed`);
      } else settle(null);
    });
  });
}

function killGroup(child) {
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** A tier that runs nothing proves nothing, but for a search that finds its tests elsewhere. */
function emptiness({ passed, failed, skipped }, options) {
  const searched = options.some((option) => /^(--grep|-g|--fgrep|-f)(=|$)/.test(option));
  return passed + failed + skipped === 0 && !searched ? 'has no tests' : null;
}
