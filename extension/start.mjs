// `npm start`: the demo's workspace in a window with the extension: in `code` where it is installed
// and new enough, else in a real VS Code that a browser shows.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodePath, prepare, root } from '../test/support/prepare.mjs';

const demo = join(root, '.demo');
const shell = process.platform === 'win32';

prepare();
if (!existsSync(join(demo, '.runrecord'))) run(nodePath(), [join(root, 'examples/demo.mjs')]);
if (isCodeNewEnough()) {
  console.log(`Opening ${demo} in VS Code.`);
  run('code', ['--new-window', `--extensionDevelopmentPath=${root}`, demo], { shell });
} else {
  // The browser host is TypeScript, which an older Node than ours does not read.
  run(nodePath(), [
    '--disable-warning=ExperimentalWarning',
    join(root, 'extension/open-demo.mjs'),
    demo,
  ]);
}

function isCodeNewEnough() {
  const { status, stdout } = spawnSync('code', ['--version'], { encoding: 'utf8', shell });
  if (status !== 0 || stdout === null) return false;
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const parts = (version) => version.replace('^', '').split('.').map(Number);
  const [major = 0, minor = 0] = parts(stdout.split('\n')[0] ?? '');
  const [wantedMajor = 0, wantedMinor = 0] = parts(engines.vscode);
  const isEnough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  if (!isEnough) console.log(`This VS Code is older than ${engines.vscode.replace('^', '')}.`);
  return isEnough;
}

function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
}
