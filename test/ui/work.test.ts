import assert from 'node:assert/strict';
import { pacedProgram, startPaced } from '../support/paced.ts';
import { openWindow, type Window } from '../support/vscode/open-window.ts';
import { keepFailure, openStudio, recordTwo, type Studio } from '../support/vscode/studio.ts';
import { until } from '../support/workspace.ts';

describe('a day’s work in the window', () => {
  let studio: Studio;
  const row = (window: Window, name: string) => window.runs().filter({ hasText: name }).first();
  const labelOf = async (window: Window, name: string) =>
    (await row(window, name).count()) ? await row(window, name).getAttribute('aria-label') : '';

  before(async function () {
    this.timeout(240_000);
    studio = await openStudio({
      more: { 'paced.py': pacedProgram },
      prepare: recordTwo,
    });
    await studio.window.showRuns();
    await until(async () => (await studio.window.runs().count()) === 2, 'the view is filled');
  });
  afterEach(function () {
    return keepFailure(studio, this.currentTest);
  });
  after(() => studio?.close());

  async function askForLaunch(): Promise<void> {
    const { window } = studio;
    await window.runCommand('Run Record: Launch Run');
    await window.pick('digits');
    await window.waitForText('.quick-input-widget', 'Arguments to add');
    await window.page.keyboard.press('Enter');
  }

  it('a launch of what ran before leads to that run', async () => {
    const { window } = studio;
    await askForLaunch();
    await window.waitForText('.quick-input-widget', 'A run of the same inputs exists');
    await window.pick('A run of the same inputs exists');
    await window.page
      .locator('.tab.active')
      .filter({ hasText: 'digits ...' })
      .waitFor({ timeout: 30_000 });
    // A drawn document takes the keyboard when it is there.
    await window.showRuns();
  });

  it('Commit and Launch commits what was told, under the message that was given, and launches', async function () {
    this.timeout(120_000);
    const { window, workspace } = studio;
    await askForLaunch();
    await window.waitForText('.quick-input-widget', '2 files are not committed');
    await window.pick('Commit and Launch');
    await window.waitForText('.quick-input-widget', 'Message of the commit of 2 files');
    await window.page.keyboard.type('a smaller rate');
    await window.page.keyboard.press('Enter');
    await until(async () => (await window.runs().count()) === 3, 'the run is there', 60_000);
    assert.equal(workspace.git('log', '-1', '--format=%s').trim(), 'a smaller rate');
    assert.equal(workspace.git('status', '--porcelain', '-uno').trim(), '');
    const record = await workspace.show(workspace.runs().at(-1) ?? '');
    assert.equal(record.code.clean, true);
    assert.equal(record.code.commit, workspace.git('rev-parse', 'HEAD').trim());
    await until(
      async () => /succeeded/.test((await labelOf(window, 'digits')) ?? ''),
      'it ends',
      60_000,
    );
  });

  it('a run is stopped from the status bar, in this window and in another on the same folder', async function () {
    this.timeout(180_000);
    const { window, workspace, host } = studio;
    const other = await openWindow(host);
    try {
      await other.showRuns();
      const run = startPaced(workspace, 'endless');
      run.reach(1);
      for (const one of [window, other]) {
        await until(
          async () => /running/.test((await labelOf(one, 'endless')) ?? ''),
          'both windows show it',
        );
      }
      await window.page.locator('.statusbar-item').filter({ hasText: 'endless' }).first().click();
      await window.waitForText('.quick-input-widget', 'Stop Run');
      await window.picture('running-now');
      await window.pick('Stop Run');
      await window.page.locator('.monaco-dialog-box').waitFor({ timeout: 30_000 });
      await window.picture('stop-run');
      await window.page
        .locator('.monaco-dialog-box .monaco-button')
        .filter({ hasText: 'Stop Run' })
        .click();
      for (const one of [window, other]) {
        await until(
          async () => /cancelled/.test((await labelOf(one, 'endless')) ?? ''),
          'both windows show its end',
        );
      }
      const record = await workspace.show(workspace.runs().at(-1) ?? '');
      assert.equal(record.lifecycle.status, 'cancelled');
    } finally {
      await other.close();
    }
  });
});
