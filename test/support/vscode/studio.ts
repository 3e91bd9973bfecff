import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { edit, makeDigits } from '../digits.ts';
import { root } from '../sources.ts';
import type { Workspace } from '../workspace.ts';
import { openWindow, type Window } from './open-window.ts';
import { type Host, startHost } from './start-host.ts';

/** What a test in a real window works with. */
export interface Studio {
  workspace: Workspace;
  host: Host;
  window: Window;
  close(): Promise<void>;
}

/**
 * A window on a copy of the example, with the packaged extension installed. `prepare` records what
 * the window finds; `more` are further files of the project.
 */
export async function openStudio(options: {
  prepare?: (workspace: Workspace) => Promise<unknown>;
  more?: Record<string, string>;
  /** Trusted without, and asked by nobody. */
  trusted?: boolean;
  /** The window shows this instead of the example: a folder beside it, or null for none. */
  instead?: string | null;
}): Promise<Studio> {
  const vsix = process.env.RUNRECORD_TEST_PACKAGE;
  assert.ok(vsix, 'no packaged extension: `npm test -- ui` makes it first');
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'studio-')));
  // Its name is in the pictures.
  const workspace = makeDigits(options.more, join(parent, 'digits'));
  await options.prepare?.(workspace);
  const host = await startHost({
    workspace:
      options.instead === undefined
        ? workspace.root
        : options.instead && join(parent, options.instead),
    trusted: options.trusted ?? true,
    packages: [vsix],
    settings: {
      'editor.minimap.enabled': false,
      'diffEditor.useInlineViewWhenSpaceIsLimited': false,
      // Drawn as text, which can be read.
      'terminal.integrated.gpuAcceleration': 'off',
    },
    // Whatever machine this is: the prompt is in the pictures.
    env: { PROMPT_COMMAND: "PS1='$ '" },
  });
  const window = await openWindow(host);
  return {
    workspace,
    host,
    window,
    async close() {
      await window.close();
      await host.close();
      rmSync(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

/** After a test that failed: what the window showed then, in .cache/pictures. */
export async function keepFailure(studio: Studio | undefined, test: Mocha.Test | undefined) {
  if (test?.state !== 'failed' || studio === undefined) return;
  mkdirSync(join(root, '.cache/pictures'), { recursive: true });
  const name = test.title.replace(/[^a-z\d]+/gi, '-');
  await studio.window.page.screenshot({
    path: join(root, '.cache/pictures', `failed-${name}.png`),
  });
}

/** Two runs as `npm run demo` makes them: the second of a smaller rate, its change not committed. */
export async function recordTwo(workspace: Workspace): Promise<void> {
  await workspace.record(['digits', '--reason', 'a first look at the learning rate']);
  edit(workspace, 'config.json', '"lr": 0.6', '"lr": 0.2');
  edit(workspace, 'train.py', 'WEIGHT_DECAY = 0.0', 'WEIGHT_DECAY = 0.001');
  await workspace.record(['digits', '--reason', 'is a smaller rate steadier?']);
}
