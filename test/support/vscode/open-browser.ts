import { createRequire } from 'node:module';
import { join } from 'node:path';
import { hostFolder } from './cache.ts';
import { findBrowser } from './find-browser.ts';
import type { Browser, Playwright } from './playwright.ts';

// No sandbox: a container's root has none to give. The rest keeps it from calling home.
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Starts a browser; `RUNRECORD_TEST_WINDOW=1` lets a person watch it. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === null) {
    throw new Error('No Chrome or Chromium is on this machine: `npm test` says how to get one.');
  }
  const { chromium } = createRequire(join(hostFolder, 'package.json'))(
    'playwright-core',
  ) as Playwright;
  const headless = process.env.RUNRECORD_TEST_WINDOW !== '1';
  return await chromium.launch({ executablePath, args: quiet, headless });
}
