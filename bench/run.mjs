// `npm run bench -- NAME [options]`: prepares, then measures under Node 24, away from the user's
// own settings. Each bench prints a table, or JSON with --json, and exits 0 when it could measure.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isolatedEnvironment } from '../test/support/isolation.mjs';
import { nodePath, prepare, root } from '../test/support/prepare.mjs';

const benches = {
  launch: { file: 'bench/launch.ts', about: 'what a recorded run adds to a program' },
  capture: { file: 'bench/capture.ts', about: 'what is measured inside Python, and hashing' },
  agent: { file: 'bench/agent.ts', about: 'the memory of the agent at 1,000 runs' },
  activation: { file: 'bench/activation.ts', about: 'what the extension adds to a window' },
};

const [name, ...options] = process.argv.slice(2);
const bench = Object.hasOwn(benches, name ?? '') ? benches[name] : undefined;
if (bench === undefined) {
  const lines = Object.entries(benches).map(([known, { about }]) => `  ${known}   ${about}`);
  console.error(`npm run bench -- NAME [--runs N] [--json]\n${lines.join('\n')}`);
  process.exit(2);
}
prepare();
const cache = join(root, '.cache', 'bench');
for (const folder of ['home', 'tmp', 'runtime'])
  mkdirSync(join(cache, folder), { recursive: true });
const { status } = spawnSync(nodePath(), [join(root, bench.file), ...options], {
  cwd: root,
  env: { ...isolatedEnvironment(cache), NO_COLOR: '1' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
