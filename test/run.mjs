// `npm test`: brings the clone to a state in which it runs, runs the tiers in order, and ends with
// one line that counts them all.
//
//   npm test                        every tier
//   npm test -- unit cli            these tiers
//   npm test -- test/unit/x.test.ts one file
//   npm test -- unit --grep yaml    options go on to mocha
import { existsSync } from 'node:fs';
import { isolatedEnvironment, makeTemporary } from './support/isolation.mjs';
import { prepare } from './support/prepare.mjs';
import { runTier } from './support/run-tier.mjs';
import { tiers } from './support/tiers.mjs';
import { provide } from './support/tools.mjs';

const asked = parseArguments(process.argv.slice(2));
const total = { passed: 0, failed: 0, skipped: 0 };
const problems = [];
let interrupted = false;
let counted = false;
// Whatever ends the runner early, an install that fails among it, is a failure with a count.
process.once('exit', () => {
  if (!counted) console.log('\n0 passed, 1 failed, 0 skipped');
});
prepare();
const temporary = makeTemporary();
process.on('SIGINT', () => {
  interrupted = true;
});

try {
  const wants = new Set(asked.flatMap(({ tier }) => tier.wants));
  const env = isolatedEnvironment(temporary.folder);
  Object.assign(env, provide(wants, env));
  for (const { tier, files, passed } of asked) {
    if (interrupted) break;
    console.log(`\n${tier.name}: ${tier.about}`);
    const startedAt = performance.now();
    const result = await runTier(tier, { env, temporary: temporary.folder, files, passed });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    for (const key of ['passed', 'failed', 'skipped']) total[key] += result[key];
    if (result.problem !== null) {
      total.failed += 1;
      problems.push(`${tier.name} ${result.problem}`);
      console.log(`FAIL ${tier.name} ${result.problem}`);
    }
    console.log(`${tier.name} took ${seconds} s`);
  }
  if (interrupted) problems.push('the tests were interrupted');
  else if (total.passed + total.failed + total.skipped === 0) problems.push('no test ran');
} finally {
  temporary.dispose();
}

console.log('');
for (const problem of problems) console.log(`Not a test, but counted: ${problem}.`);
if (problems.length > 0 && total.failed === 0) total.failed = problems.length;
counted = true;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** What to run: names of tiers, files of them, and the rest for mocha. */
function parseArguments(args) {
  const names = new Set();
  const files = [];
  const passed = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i];
    if (tiers.some(({ name }) => name === arg)) names.add(arg);
    else if (arg.endsWith('.test.ts') && existsSync(arg))
      files.push(arg.replace(/^.*?\btest\//, 'test/'));
    else if (arg.startsWith('-')) {
      passed.push(arg);
      // `--grep X`: the value goes with its option.
      if (/^(--grep|-g|--fgrep|-f|--timeout|-t|--retries)$/.test(arg) && i + 1 < args.length) {
        i += 1;
        passed.push(args[i]);
      }
    } else {
      console.error(
        `There is no tier and no test file ${arg}. Tiers: ${tiers.map(({ name }) => name).join(', ')}.`,
      );
      process.exit(2);
    }
  }
  return tiers
    .map((tier) => ({
      tier,
      passed,
      files: files.filter((file) => file.startsWith(`test/${tier.name}/`)),
    }))
    .filter(
      ({ tier, files: own }) =>
        own.length > 0 || names.has(tier.name) || (names.size === 0 && files.length === 0),
    );
}
