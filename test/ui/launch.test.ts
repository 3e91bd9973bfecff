import assert from 'node:assert/strict';
import { keepFailure, openStudio, recordTwo, type Studio } from '../support/vscode/studio.ts';
import { until } from '../support/workspace.ts';

describe('a run from the palette', () => {
  let studio: Studio;

  before(async function () {
    this.timeout(240_000);
    studio = await openStudio({ prepare: recordTwo });
    await studio.window.showRuns();
  });
  afterEach(function () {
    return keepFailure(studio, this.currentTest);
  });
  after(() => studio?.close());

  it('begins in a view that lists what was recorded before', async () => {
    const { window } = studio;
    const rows = await until(async () => {
      const texts = await window.runs().allTextContents();
      return texts.length === 2 && texts;
    }, 'both runs are listed');
    for (const row of rows) assert.match(row, /digits.*val_acc 0\.9\d/s);
  });

  it('warns in the editor of the line that is not committed', async () => {
    const { window } = studio;
    await window.openFile('train.py');
    const squiggle = window.page.locator(
      '.editor-instance .squiggly-info, .editor-instance .squiggly-warning',
    );
    await squiggle.first().waitFor({ timeout: 30_000 });
    await window.hoverText('0.001');
    const hover = window.page
      .locator('.monaco-hover:not(.hidden)')
      .filter({ hasText: 'not committed' });
    await hover.first().waitFor({ timeout: 30_000 });
    await window.picture('uncommitted-line', { pointer: true });
    await window.page.keyboard.press('Escape');
  });

  it('is chosen, may be edited, and starts after the gates were heard', async () => {
    const { window } = studio;
    await window.runCommand('Run Record: Launch Run');
    await window.pick('digits');
    const box = window.page.locator('.quick-input-widget input');
    await window.waitForText('.quick-input-widget', 'Arguments to add');
    await box.fill('seed=1');
    await window.page.keyboard.press('Enter');
    await window.waitForText('.quick-input-widget', '2 files are not committed');
    await window.picture('before-a-launch');
    await window.pick('Launch Anyway');
    await window.waitForText('.xterm-rows', /runrecord.run.digits/);
  });

  it('is in the view and in the status bar while it goes on', async () => {
    const { window, workspace } = studio;
    await until(async () => (await window.runs().count()) === 3, 'a third row is there');
    await window.waitForText('.statusbar', /digits \d+ s/);
    const first = window.runs().first();
    await until(
      async () => /val_acc/.test((await first.textContent()) ?? ''),
      'its metric is told',
    );
    await window.picture('running');
    const [newest] = workspace.runs().slice(-1);
    assert.equal((await workspace.show(newest ?? '')).lifecycle.status, 'running');
  });

  it('ends as succeeded, with its artifacts beneath it', async function () {
    this.timeout(120_000);
    const { window, workspace } = studio;
    const first = window.runs().first();
    await until(
      async () => /succeeded/.test((await first.getAttribute('aria-label')) ?? ''),
      'its status is drawn',
      60_000,
    );
    await until(
      async () =>
        !/digits \d+ s/.test((await window.page.locator('.statusbar').textContent()) ?? ''),
      'the status bar is empty again',
    );
    await first.click();
    await window.page.keyboard.press('ArrowRight');
    await until(
      async () =>
        (await window.viewRows().allTextContents()).some((text) => /out\/best\.json/.test(text)),
      'its artifacts are listed',
    );
    await window.picture('runs');
    const [newest] = workspace.runs().slice(-1);
    const record = await workspace.show(newest ?? '');
    assert.equal(record.complete, true);
    assert.equal(record.command.launcher.via, 'palette');
    assert.deepEqual(record.config.overrides, ['seed=1']);
  });

  it('is shown as a document', async () => {
    const { window } = studio;
    // The terminal has told its part.
    await window.page.keyboard.press('Control+J');
    await window.runCommand('Run Record: Show Record');
    await window.pick(/digits/);
    await window.waitForText('.editor-instance', 'digits');
    await window.picture('record');
  });

  it('is compared with another in the editor’s own diff', async () => {
    const { window } = studio;
    await window.page.locator('.sidebar [aria-label="Collapse All"]').first().click();
    await window.runs().nth(1).click();
    await window
      .runs()
      .nth(2)
      .click({ modifiers: ['Control'] });
    await window.runCommand('Run Record: Compare Selected');
    await window.page
      .locator('.monaco-diff-editor .line-insert')
      .first()
      .waitFor({ timeout: 30_000 });
    await window.waitForText('.editor.modified .view-lines', /lr:.0\.2/);
    await window.waitForText('.editor.original .view-lines', /lr:.0\.6/);
    await window.picture('compare');
  });
});
