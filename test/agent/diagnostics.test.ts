// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolations of OmegaConf
import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from 'vscode-languageserver/node';
import { AgentClient, uriOf } from '../support/agent-client.ts';
import { Workspace } from '../support/workspace.ts';

const tenLines = [...Array(10).keys()].map((n) => `line ${n + 1}\n`).join('');

describe('warnings in an editor', () => {
  let workspace: Workspace;
  let agent: AgentClient;
  const at = (name: string) => join(workspace.root, name);
  const spans = (diagnostics: Diagnostic[]) =>
    diagnostics.map(({ range: { start, end } }) =>
      [start.line + 1, start.character + 1, end.line + 1, end.character + 1].join(' '),
    );
  const open = async (files: Record<string, string>) => {
    workspace = new Workspace({ 'runrecord.yaml': 'version: 1\n', ...files });
    agent = await AgentClient.start({ folders: [workspace.root] });
  };
  afterEach(async () => {
    await agent.stop();
    workspace.dispose();
  });

  describe('on lines that are not committed', () => {
    it('stand where the text differs from the last commit, and follow what is typed', async () => {
      await open({ 'train.py': tenLines });
      const path = at('train.py');
      await agent.openDocument(path, tenLines);
      assert.deepEqual(await agent.diagnosed(path, () => true), []);
      const edited = tenLines
        .replace('line 2', 'line two')
        .replace('line 9\n', 'line 9\nnew\nnewer\n');
      await agent.changeDocument(path, 2, edited);
      const found = await agent.diagnosed(path, (all) => all.length === 2);
      assert.deepEqual(spans(found), ['2 1 2 9', '10 1 11 6']);
      const [first] = found;
      assert.deepEqual(
        [first?.severity, first?.source, first?.code],
        [3, 'Run Record', 'dirty-tree'],
      );
      assert.match(String(first?.message), /not committed \(\+1 -1\)/);
      await agent.changeDocument(path, 3, tenLines);
      await agent.diagnosed(path, (all) => all.length === 0);
    });

    it('tell lines that were removed where they are missing', async () => {
      await open({ 'train.py': tenLines });
      const path = at('train.py');
      await agent.openDocument(path, tenLines.replace('line 4\nline 5\n', ''));
      const [found] = await agent.diagnosed(path, (all) => all.length === 1);
      assert.equal(found?.range.start.line, 3);
      assert.match(String(found?.message), /2 lines were removed/);
    });

    it('go when the change is committed, and come back with a reset', async () => {
      await open({ 'train.py': tenLines });
      const path = at('train.py');
      const edited = `${tenLines}more\n`;
      workspace.write('train.py', edited);
      await agent.openDocument(path, edited);
      await agent.diagnosed(path, (all) => all.length === 1);
      workspace.git('commit', '--quiet', '--all', '--message=second');
      await agent.diagnosed(path, (all) => all.length === 0);
      workspace.git('reset', '--quiet', '--soft', 'HEAD~1');
      await agent.diagnosed(path, (all) => all.length === 1);
    });

    it('say once that a whole file is in no commit; ignored files and outputs are not told', async () => {
      await open({ '.gitignore': 'scratch.py\n' });
      for (const name of ['new.py', 'scratch.py', 'out/log.txt']) workspace.write(name, 'a\nb\n');
      for (const name of ['new.py', 'scratch.py', 'out/log.txt']) {
        await agent.openDocument(at(name), 'a\nb\n');
      }
      const [found] = await agent.diagnosed(at('new.py'), (all) => all.length === 1);
      assert.match(String(found?.message), /This file is not committed/);
      for (const name of ['scratch.py', 'out/log.txt']) {
        assert.deepEqual(await agent.diagnosed(at(name), () => true), []);
      }
    });

    it('do not count line ends that a checkout converts, or a byte order mark', async () => {
      await open({ 'a.py': '\ufeffone\ntwo\n' });
      await agent.openDocument(at('a.py'), 'one\r\ntwo\r\n');
      assert.deepEqual(await agent.diagnosed(at('a.py'), () => true), []);
    });

    it('are taken back when the document is closed', async () => {
      await open({ 'train.py': tenLines });
      const path = at('train.py');
      await agent.openDocument(path, 'other\n');
      await agent.diagnosed(path, (all) => all.length > 0);
      await agent.connection.sendNotification('textDocument/didClose', {
        textDocument: { uri: uriOf(path) },
      });
      await agent.diagnosed(path, (all) => all.length === 0);
    });

    it('work in a folder that a link leads to, and with odd names', async () => {
      const name = 'sub dir/tr\u00e4in.py';
      await open({ [name]: tenLines, 'conf/a.yaml': 'lr: ???\n', '.gitignore': 'out/\n' });
      await agent.stop();
      const link = `${workspace.root}-link`;
      symlinkSync(workspace.root, link);
      try {
        agent = await AgentClient.start({ folders: [link] });
        await agent.openDocument(join(link, name), `${tenLines}more\n`);
        await agent.openDocument(join(link, 'conf/a.yaml'), 'lr: ???\n');
        const found = await agent.diagnosed(join(link, name), (all) => all.length === 1);
        assert.deepEqual(spans(found), ['11 1 11 5']);
        await agent.diagnosed(join(link, 'conf/a.yaml'), (all) => all.length === 1);
      } finally {
        rmSync(link);
      }
    });
  });

  describe('on values that do not resolve', () => {
    it('stand on the value itself, by the text in the editor', async () => {
      await open({ 'config.yaml': 'lr: 0.1\n' });
      const path = at('config.yaml');
      const text = 'lr: 0.1\nmodel:\n  width: ???\n  depth: ${layers}\nhost: <your-host>\n';
      await agent.openDocument(path, text);
      const all = await agent.diagnosed(path, (found) => found.length > 0);
      const found = all.filter(({ code }) => code === 'unresolved-config');
      assert.deepEqual(spans(found).sort(), ['3 10 3 13', '4 10 4 19', '5 7 5 18']);
      assert.ok(found.every(({ severity, source }) => severity === 2 && source === 'Run Record'));
      await agent.changeDocument(path, 2, 'lr: 0.1\n');
      await agent.diagnosed(path, (now) => now.length === 0);
    });

    it('tell what does not parse, a key that is there twice, and an unfinished merge', async () => {
      const files = {
        'conf/broken.yaml': 'a: [1, 2\nb: 3\n',
        'conf/twice.json': '{\n "lr": 1,\n "lr": 2\n}\n',
        'conf/merge.toml': 'a = 1\n<<<<<<< ours\nb = 1\n=======\nb = 2\n>>>>>>> theirs\n',
      };
      await open(files);
      for (const [name, text] of Object.entries(files)) await agent.openDocument(at(name), text);
      for (const name of Object.keys(files)) {
        const [found] = await agent.diagnosed(at(name), (all) => all.length > 0);
        assert.equal(found?.code, 'unresolved-config');
      }
      const [twice] = agent.diagnostics.get(uriOf(at('conf/twice.json'))) ?? [];
      assert.equal(twice?.range.start.line, 2);
    });

    it('leave alone what another file of a group may give, and files that are no configuration', async () => {
      const files = {
        'conf/model/small.yaml': 'depth: ${layers.count}\n',
        'notes.yaml': 'value: ???\n',
        'settings/run.yaml': 'value: ???\n',
      };
      await open(files);
      for (const [name, text] of Object.entries(files)) await agent.openDocument(at(name), text);
      for (const name of Object.keys(files)) {
        assert.deepEqual(await agent.diagnosed(at(name), () => true), []);
      }
    });

    it('look at what runrecord.yaml names, wherever it lies', async () => {
      const settings =
        'version: 1\nruns:\n  train: { command: "python3 train.py", config: [settings/run.yaml] }\n';
      await open({ 'runrecord.yaml': settings, 'settings/run.yaml': 'value: ???\n' });
      await agent.openDocument(at('settings/run.yaml'), 'value: ???\n');
      await agent.diagnosed(at('settings/run.yaml'), (all) => all.length === 1);
    });
  });

  it('stay away where nothing is recorded', async () => {
    await open({ 'config.yaml': 'lr: ???\n' });
    const other = new Workspace({ 'config.yaml': 'lr: ???\n' });
    try {
      await agent.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
        event: { added: [{ uri: uriOf(other.root), name: 'other' }], removed: [] },
      });
      await agent.openDocument(join(other.root, 'config.yaml'), 'lr: ???\nx: <your-name>\n');
      assert.deepEqual(await agent.diagnosed(join(other.root, 'config.yaml'), () => true), []);
    } finally {
      other.dispose();
    }
  });
});
