// Started by the runner before the tiers that need a window, on Node 24: writes to standard output
// what it found, as JSON, or ends with 1 and says what is missing.
import { findBrowser } from './find-browser.ts';
import { installHost } from './install-host.ts';
import { say } from './machine.ts';

const problem = installHost();
const browser = findBrowser();
if (problem !== null) say(problem);
if (browser === null) {
  say(
    'No Chrome or Chromium is on this machine. Install one (Debian: `apt-get install chromium`), or name one in RUNRECORD_TEST_BROWSER, and run this again.',
  );
}
if (problem !== null || browser === null) process.exit(1);
process.stdout.write(JSON.stringify({ browser }));
