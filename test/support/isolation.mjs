// The surroundings of the tests: nothing of the user's own settings, and one folder that holds
// whatever they leave behind.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

// GIT_* would point git at another repository or identity; npm_* and NODE_OPTIONS are the
// runner's own; the rest changes what a child prints or which modules it sees.
const foreign =
  /^(GIT_|RUNRECORD_(?!PICTURES|TEST_)|npm_|XDG_|PYTHON|NODE_OPTIONS$|NODE_PATH$|NODE_TEST_CONTEXT$|INIT_CWD$|FORCE_COLOR$|NO_COLOR$|COLOR$|COLUMNS$|LINES$|EMAIL$)/i;

/** Makes the folder. `dispose` removes it; processes that still write there do not stop it. */
export function makeTemporary() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'run-record-test-')));
  for (const name of ['home', 'tmp', 'runtime']) mkdirSync(join(folder, name), { mode: 0o700 });
  // Tests that step down from root still have to reach what they made.
  chmodSync(folder, 0o711);
  chmodSync(join(folder, 'tmp'), 0o1777);
  return {
    folder,
    dispose() {
      try {
        rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      } catch (error) {
        console.log(`Could not remove ${folder}: ${error.message}`);
      }
    },
  };
}

/** The environment of a tier: the user's, without what is his alone. */
export function isolatedEnvironment(folder) {
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const home = join(folder, 'home');
  return {
    ...Object.fromEntries(kept),
    PATH: (process.env.PATH ?? '')
      .split(delimiter)
      .filter((entry) => !/[\\/](node_modules[\\/]\.bin|node-gyp-bin)$/.test(entry))
      .join(delimiter),
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_RUNTIME_DIR: join(folder, 'runtime'),
    TMPDIR: join(folder, 'tmp'),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}
