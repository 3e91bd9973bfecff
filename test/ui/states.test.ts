import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { files } from '../../agent/protocol/names.ts';
import { keepFailure, openStudio, type Studio } from '../support/vscode/studio.ts';
import { until } from '../support/workspace.ts';

/** What the Runs view says of the state that a window is in. */
describe('the view tells, once and with what to do', () => {
  let studio: Studio | undefined;
  afterEach(async function () {
    await keepFailure(studio, this.currentTest);
    await studio?.close();
    studio = undefined;
  });

  async function open(options: Parameters<typeof openStudio>[0]): Promise<Studio> {
    studio = await openStudio(options);
    await studio.window.showRuns();
    return studio;
  }
  const tells = (window: Studio['window'], text: string) =>
    until(async () => (await window.told()).includes(text), `the view says: ${text}`);
  const once = async (window: Studio['window'], text: string) => {
    await tells(window, text);
    assert.equal((await window.told()).split(text).length - 1, 1, 'it is said once');
  };

  it('that no folder is open', async function () {
    this.timeout(120_000);
    const { window } = await open({ instead: null });
    await once(window, 'A record belongs to a folder, and none is open.');
    await window.picture('no-folder');
  });

  it('that nothing is recorded yet', async function () {
    this.timeout(120_000);
    const { window } = await open({});
    await once(window, 'No run is recorded here yet.');
    await window.page
      .locator('.sidebar .monaco-button')
      .filter({ hasText: 'Launch Run' })
      .waitFor({ timeout: 30_000 });
    await window.picture('nothing-recorded');
  });

  it('that there is no git repository', async function () {
    this.timeout(120_000);
    const { window } = await open({
      instead: 'plain',
      prepare: async ({ root }) => {
        mkdirSync(join(root, '../plain', files.home, files.runs), { recursive: true });
      },
    });
    await once(window, 'This folder is not in a git repository.');
  });

  it('that the folder is not trusted, and shows what it may; a trust that is given counts at once', async function () {
    this.timeout(180_000);
    const { window, workspace } = await open({
      trusted: false,
      prepare: (workspace) => workspace.record(['digits', '--', 'epochs=1']),
    });
    await until(async () => (await window.runs().count()) === 1, 'its run is shown');
    await window.runCommand('Workspaces: Manage Workspace Trust');
    await window.page.locator('.workspace-trust-buttons-row .monaco-button').first().click();
    await until(
      async () => (await window.runs().count()) === 1 && (await canLaunch(window)),
      'a run can be launched',
      60_000,
    );
    assert.equal(workspace.runs().length, 1);
  });

  async function canLaunch(window: Studio['window']): Promise<boolean> {
    await window.page.keyboard.press('F1');
    await window.page.keyboard.type('Run Record: Launch Run');
    const row = window.page
      .locator('.quick-input-widget .monaco-list-row')
      .filter({ hasText: 'Run Record: Launch Run' });
    const isThere = await row
      .first()
      .waitFor({ timeout: 2000 })
      .then(
        () => true,
        () => false,
      );
    await window.page.keyboard.press('Escape');
    return isThere;
  }

  it('that the index is of a newer version, and lists the runs all the same', async function () {
    this.timeout(120_000);
    const { window } = await open({
      prepare: async (workspace) => {
        await workspace.record(['digits', '--', 'epochs=1']);
        const index = new DatabaseSync(join(workspace.root, files.home, files.index));
        index.exec('PRAGMA user_version = 9999');
        index.close();
      },
    });
    await until(async () => (await window.runs().count()) === 1, 'its run is listed');
    await once(window, 'newer');
  });

  it('that the folder has disappeared, and takes it up again when it is back', async function () {
    this.timeout(120_000);
    const { window, workspace } = await open({
      prepare: (workspace) => workspace.record(['digits', '--', 'epochs=1']),
    });
    await until(async () => (await window.runs().count()) === 1, 'its run is listed');
    renameSync(workspace.root, `${workspace.root}-moved`);
    await once(window, 'is not there any more.');
    renameSync(`${workspace.root}-moved`, workspace.root);
    await until(async () => (await window.runs().count()) === 1, 'its run is listed again');
  });
});
