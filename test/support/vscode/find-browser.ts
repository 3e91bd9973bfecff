import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { installDebian } from './machine.ts';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];
const places = [
  '/usr/bin',
  '/usr/local/bin',
  '/snap/bin',
  '/opt/google/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Any Chrome or Chromium: the one that `RUNRECORD_TEST_BROWSER` names, one that is found, or Debian's. */
export function findBrowser(): string | null {
  const named = process.env.RUNRECORD_TEST_BROWSER;
  if (named) return existsSync(named) ? named : null;
  const there = lookAround();
  if (there !== null) return there;
  installDebian(['chromium']);
  return lookAround();
}

function lookAround(): string | null {
  const onPath = (process.env.PATH ?? '').split(delimiter);
  const candidates = [...onPath, ...places].flatMap((place) => [
    ...(/\.exe$|MacOS/.test(place) ? [place] : []),
    ...names.map((name) => join(place, name)),
  ]);
  return [...candidates, ...listPlaywrights()].find((path) => existsSync(path)) ?? null;
}

/** The Chromiums that Playwright itself may have brought, newest first. */
function listPlaywrights(): string[] {
  const folder = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache/ms-playwright');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
    .flatMap((name) =>
      ['chrome-linux/chrome', 'chrome-linux64/chrome'].map((path) => join(folder, name, path)),
    );
}
