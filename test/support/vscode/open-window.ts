import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from '../sources.ts';
import { openBrowser } from './open-browser.ts';
import type { Locator, Page } from './playwright.ts';
import { type Host, writeSettings } from './start-host.ts';

/** What a person does in a window, and what he sees there. */
export interface Window {
  page: Page;
  /** Starts a command by its whole title, from the palette. */
  runCommand(title: string): Promise<void>;
  /** Takes a row of the quick pick that is open. */
  pick(label: string | RegExp): Promise<void>;
  /** Opens a file of the workspace by its path. */
  openFile(path: string): Promise<void>;
  /** Brings the Runs view to the front. */
  showRuns(): Promise<void>;
  /** All that the Runs view says where it has no rows, or beside them. */
  told(): Promise<string>;
  /** The rows of the Runs view that are runs, the newest first. */
  runs(): Locator;
  /** All rows of it, artifacts too. */
  viewRows(): Locator;
  /** Waits until something is to be read in what a selector finds. */
  waitForText(selector: string, text: string | RegExp): Promise<void>;
  /** Rests the pointer on a word of the open editor. */
  hoverText(text: string): Promise<void>;
  /** Saves what is seen in each theme, as `<name>-<theme>.png`; `pointer`: with what it rests on. */
  picture(name: string, options?: { pointer?: boolean }): Promise<void>;
  /** As after a crash: the same window anew. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

const themes = {
  light: 'Light 2026',
  dark: 'Dark 2026',
  'high-contrast': 'Default High Contrast',
};
const tree = '.sidebar .customview-tree';
const view = '.sidebar .pane-body';
const limitMs = 30_000;
const size = { width: 1200, height: 750 };

/** Where pictures go: those of the documentation are rewritten only when that is asked for. */
const pictures =
  process.env.RUNRECORD_PICTURES === '1'
    ? join(root, 'docs', 'pictures')
    : join(root, '.cache', 'pictures');

/** Opens the host's window in a browser of its own and waits until it can be used. */
export async function openWindow(host: Host): Promise<Window> {
  const browser = await openBrowser();
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await load(page, host.url);
  const quickInput = page.locator('.quick-input-widget');

  const window: Window = {
    page,
    async runCommand(title) {
      await chooseIn(page, 'F1', title, title);
    },
    async pick(label) {
      const row = quickInput.locator('.monaco-list-row').filter({ hasText: label }).first();
      await row.waitFor({ timeout: limitMs });
      await row.click();
    },
    async openFile(path) {
      const name = path.split('/').at(-1) ?? path;
      await chooseIn(page, 'Control+P', path, name);
      await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor({ timeout: limitMs });
    },
    async showRuns() {
      await chooseIn(
        page,
        'F1',
        'Run Record: Focus on Runs View',
        'Run Record: Focus on Runs View',
      );
      await page.locator(view).waitFor({ timeout: limitMs });
    },
    told: async () => ((await page.locator(view).first().textContent()) ?? '').replace(/\s+/g, ' '),
    runs: () => page.locator(`${tree} .monaco-list-row[aria-level="1"]`),
    viewRows: () => page.locator(`${tree} .monaco-list-row`),
    async waitForText(selector, text) {
      await page.locator(selector).filter({ hasText: text }).first().waitFor({ timeout: limitMs });
    },
    async hoverText(text) {
      await page
        .locator('.view-line span span')
        .filter({ hasText: text })
        .last()
        .hover({ timeout: limitMs });
    },
    async picture(name, options = {}) {
      mkdirSync(pictures, { recursive: true });
      if (!options.pointer) await page.mouse.move(size.width - 20, size.height - 60);
      for (const [short, theme] of Object.entries(themes)) {
        writeSettings(host, { 'workbench.colorTheme': theme });
        await page.locator(`.monaco-workbench.${classOf(theme)}`).waitFor({ timeout: limitMs });
        // A theme's icons and borders come a frame later.
        await wait(300);
        await page.screenshot({ path: join(pictures, `${name}-${short}.png`) });
      }
    },
    reload: () => load(page, host.url),
    close: () => browser.close(),
  };
  return window;
}

/** Opens the page; the extension host is there when the explorer's rows are. */
async function load(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: limitMs });
  await page.locator('.statusbar-item').first().waitFor({ timeout: limitMs });
}

/** The class that a theme gives to the whole window. */
function classOf(theme: string): string {
  if (theme.includes('High Contrast')) return 'hc-black';
  return theme.startsWith('Dark') ? 'vs-dark' : 'vs';
}

/**
 * Opens a quick input by its key, types, and takes the row with just this label. Keys are lost while
 * the workbench is busy, and a list may be older than what it should hold: so it is tried again.
 */
async function chooseIn(page: Page, key: string, typed: string, label: string): Promise<void> {
  const input = page.locator('.quick-input-widget input');
  const row = page.locator(`.quick-input-widget .monaco-list-row:has(:text-is("${label}"))`);
  for (let tries = 0; tries < 8; tries += 1) {
    await page.keyboard.press(key);
    if (await appears(input)) {
      await page.keyboard.type(typed);
      if (await appears(row)) return row.first().click();
    }
    await page.keyboard.press('Escape');
  }
  throw new Error(`${key} and ${typed} found no ${label}`);
}

function appears(locator: Locator): Promise<boolean> {
  return locator
    .first()
    .waitFor({ timeout: 4000 })
    .then(
      () => true,
      () => false,
    );
}
