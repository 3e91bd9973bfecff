import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../sources.ts';
import { openBrowser } from './open-browser.ts';
import { startHost } from './start-host.ts';

/** What is opened for suites that run inside. */
export interface InsideOptions {
  workspace: string;
  trusted: boolean;
  tests: string;
  env: NodeJS.ProcessEnv;
}

export interface InsideWindow {
  /** Whether it ended by itself. */
  ended(): boolean;
  /** The end of what its extension host and the extension logged. */
  log(): string;
  close(): Promise<void>;
}

/** Opens VS Code in a browser, with the extension as it lies in the clone and the tests in it. */
export async function openInBrowser(options: InsideOptions): Promise<InsideWindow> {
  const host = await startHost({ ...options, development: root });
  const browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(host.url);
  return {
    ended: () => host.process.exitCode !== null,
    log: () => readLog(join(host.folder, 'data/logs')),
    async close() {
      await browser.close();
      await host.close();
    },
  };
}

/** The end of what the extension hosts and the extension logged below a folder. */
function readLog(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /exthost\.log$|Run Record\.log$/.test(path))
    .map((path) => `${path}\n${readFileSync(join(folder, path), 'utf8').slice(-4000)}`)
    .join('\n');
}
