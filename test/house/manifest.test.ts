import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { files, gateNames } from '../../agent/protocol/names.ts';
import { gatePolicies } from '../../agent/protocol/settings.ts';
import { agentStates } from '../../extension/agent-state.ts';
import {
  commandIds,
  containerId,
  contextKeys,
  extensionId,
  goesOn,
  hasPrevious,
  itemKinds,
  runsViewId,
  settingIds,
} from '../../extension/ids.ts';
import { listSources, root } from '../support/sources.ts';

interface MenuEntry {
  command: string;
  when?: string;
  group?: string;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { contributes } = manifest;
const menus: Record<string, MenuEntry[]> = contributes.menus;
const ours = Object.values(commandIds) as string[];
const sources = listSources(['extension'])
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** Keys that VS Code sets itself. */
const foreignKeys = [
  'workspaceFolderCount',
  'isWorkspaceTrusted',
  'view',
  'viewItem',
  'listMultiSelection',
  'listDoubleSelection',
  'true',
  'false',
];

/** Every when-clause of the manifest, with where it stands. */
function whenClauses(value: unknown, place = 'contributes'): { place: string; when: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'when' && typeof inner === 'string'
      ? [{ place, when: inner }]
      : whenClauses(inner, `${place}.${key}`),
  );
}

/** The keys that a when-clause asks for: what is left without texts, patterns and operators. */
function keysOf(when: string): string[] {
  const bare = when.replace(/=~ \/(?:\\.|[^/])*\//g, '').replace(/(==|!=) ('[^']*'|[\w.-]+)/g, '');
  return bare.match(/[\w.]+/g) ?? [];
}

/** Commands that text for people links to. */
function linkedCommands(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/\(command:([\w.]+)\)/g)].map(([, id]) => id ?? '');
}

describe('the manifest', () => {
  it('declares the commands of the code, and no other', () => {
    const declared = contributes.commands.map(({ command }: MenuEntry) => command);
    assert.deepEqual(declared.sort(), [...ours].sort());
  });

  it('titles them alike: one category, title case', () => {
    for (const { title, category } of contributes.commands) {
      assert.equal(category, 'Run Record');
      const words = title.split(' ').filter((word: string) => !['of', 'with'].includes(word));
      assert.ok(
        words.every((word: string) => /^[A-Z]/.test(word)),
        title,
      );
    }
  });

  it('has one container and one view, which the code fills', () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }: { id: string }) => id),
      [containerId],
    );
    assert.deepEqual(
      contributes.views[containerId].map(({ id }: { id: string }) => id),
      [runsViewId],
    );
    for (const { view } of contributes.viewsWelcome) assert.equal(view, runsViewId);
  });

  it('declares the settings that the code reads', () => {
    const { properties } = contributes.configuration;
    assert.deepEqual(Object.keys(properties).sort(), Object.values(settingIds).sort());
    const gates = properties[settingIds.gates].properties;
    assert.deepEqual(Object.keys(gates), [...gateNames]);
    for (const gate of Object.values<{ enum: string[] }>(gates)) {
      assert.deepEqual(gate.enum, [...gatePolicies]);
    }
  });

  it('asks only for context keys that somebody sets', () => {
    const known = new Set<string>([...Object.values(contextKeys), ...foreignKeys]);
    const unknown = whenClauses(contributes).flatMap(({ place, when }) =>
      keysOf(when)
        .filter((key) => !known.has(key))
        .map((key) => `${place}: ${key}`),
    );
    assert.deepEqual(unknown, []);
  });

  it('names only states, views and items that there are', () => {
    for (const { place, when } of whenClauses(contributes)) {
      const states = [
        ...[...when.matchAll(/runrecord\.state == '(\w+)'/g)].map(([, state]) => state),
        ...[...when.matchAll(/runrecord\.state =~ \/\^\(([\w|]+)\)\$\//g)].flatMap(([, all]) =>
          all?.split('|'),
        ),
      ];
      for (const state of states)
        assert.ok(
          agentStates.some((one) => one === state),
          place,
        );
      for (const [, view] of when.matchAll(/view == ([\w.]+)/g)) assert.equal(view, runsViewId);
      for (const [, pattern = ''] of when.matchAll(/viewItem =~ \/((?:\\.|[^/])*)\//g)) {
        const words = [hasPrevious, goesOn].map((word) => `${itemKinds.run} ${word}`);
        const items = [itemKinds.run, itemKinds.artifact, ...words];
        assert.ok(
          items.some((item) => new RegExp(pattern).test(item)),
          `${place}: ${pattern}`,
        );
      }
    }
  });

  it('has a welcome for every state in which nothing is shown', () => {
    const whens = contributes.viewsWelcome.map(({ when }: MenuEntry) => when).join(' ');
    for (const state of agentStates.filter((one) => one !== 'starting')) {
      assert.match(whens, new RegExp(`runrecord\\.state.*\\b${state}\\b`), state);
    }
    assert.match(whens, /workspaceFolderCount == 0/);
    assert.match(whens, /!isWorkspaceTrusted/);
  });

  it('puts into menus only its own commands, and into the palette only what can run', () => {
    for (const [menu, entries] of Object.entries(menus)) {
      for (const { command } of entries) assert.ok(ours.includes(command), `${menu}: ${command}`);
    }
    const palette = new Map(menus.commandPalette?.map(({ command, when }) => [command, when]));
    const unconditional = ours.filter((command) => !palette.has(command));
    assert.deepEqual(unconditional, [commandIds.showAgentLog]);
  });

  it('links to commands that there are', () => {
    const linked = [
      ...linkedCommands(contributes.viewsWelcome),
      ...linkedCommands(contributes.walkthroughs),
    ].filter((id) => id.startsWith('runrecord.') && id !== `${runsViewId}.focus`);
    assert.ok(linked.length > 3);
    for (const id of linked) assert.ok(ours.includes(id), id);
  });

  it('has walkthrough steps with pictures, and with events that can come', () => {
    for (const { steps } of contributes.walkthroughs) {
      for (const { id, media, completionEvents } of steps) {
        assert.ok(existsSync(join(root, media.svg)), media.svg);
        assert.ok(media.altText.length > 10, id);
        for (const event of completionEvents) {
          const [, kind, name] = /^(onCommand|onView):(.*)$/.exec(event) ?? [];
          if (kind === 'onView') assert.equal(name, runsViewId);
          else assert.ok(!name?.startsWith('runrecord.') || ours.includes(name), event);
        }
      }
    }
  });

  it('draws its pictures in the colours of the theme, with a fallback', () => {
    for (const path of listSources(['media']).filter((name) => name.includes('walkthrough/'))) {
      const text = readFileSync(join(root, path), 'utf8');
      assert.match(text, /var\(--vscode-/, path);
      assert.doesNotMatch(text, /(?:fill|stroke)="#/, path);
    }
  });

  it('uses icons that VS Code has', () => {
    const table = fileURLToPath(import.meta.resolve('@vscode/codicons/dist/codiconsLibrary.ts'));
    const registered = readFileSync(table, 'utf8').matchAll(/register\('([\w-]+)'/g);
    const icons = [...registered].map(([, name]) => name);
    const texts = [JSON.stringify(contributes), ...sources.map(({ text }) => text)];
    const named = texts.flatMap((text) => [
      ...text.matchAll(/\$\(([a-z][\w-]*)(?:~spin)?\)/g),
      ...text.matchAll(/\bicon: '([\w-]+)(?:~spin)?'/g),
      ...text.matchAll(/new vscode\.ThemeIcon\('([\w-]+)'/g),
    ]);
    assert.ok(named.length > 20);
    const unknown = named.map(([, name]) => name ?? '').filter((name) => !icons.includes(name));
    assert.deepEqual(unknown, []);
  });

  it('wakes up for what can be recorded, and for nothing else', () => {
    assert.deepEqual(manifest.activationEvents, [
      `workspaceContains:${files.home}`,
      `workspaceContains:${files.settings}`,
    ]);
  });

  it('is written against the oldest VS Code that it says it runs on', () => {
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`);
    assert.equal(extensionId, `${manifest.publisher}.${manifest.name}`);
  });

  it('is limited, and says so, where a folder is not trusted or not on a disk', () => {
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    assert.equal(manifest.capabilities.virtualWorkspaces.supported, false);
    assert.deepEqual(manifest.extensionKind, ['workspace']);
  });

  it('names files that are there: icons and schemas', () => {
    const named = [
      manifest.icon,
      contributes.viewsContainers.activitybar[0].icon,
      ...[...contributes.jsonValidation, ...contributes.yamlValidation].map(({ url }) => url),
    ];
    for (const path of named) assert.ok(existsSync(join(root, path)), path);
    const icon = readFileSync(join(root, manifest.icon));
    assert.equal(icon.toString('latin1', 1, 4), 'PNG');
    assert.deepEqual([icon.readUInt32BE(16), icon.readUInt32BE(20)], [128, 128]);
  });
});

describe('the code of the extension', () => {
  it('writes no id of the manifest a second time', () => {
    const id = /['"`](runrecord\.(?!yaml|cmd)[\w.]+)['"`]/g;
    const found = sources
      .filter(({ path }) => path !== 'extension/ids.ts')
      .flatMap(({ path, text }) => [...text.matchAll(id)].map(([, name]) => `${path}: ${name}`));
    assert.deepEqual(found, []);
  });

  it('sets every context key of the manifest', () => {
    for (const name of Object.keys(contextKeys)) {
      assert.ok(
        sources.some(({ text }) => text.includes(`contextKeys.${name}`)),
        name,
      );
    }
  });
});
