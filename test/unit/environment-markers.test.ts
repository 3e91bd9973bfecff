import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  evaluateMarker,
  type MarkerValues,
  markerValues,
  parseRequirement,
} from '../../agent/capture/environment/locks/markers.ts';
import {
  compareVersions,
  parseVersion,
  sameVersion,
  satisfies,
} from '../../agent/capture/environment/locks/pep440.ts';

/** Made with the real `packaging` by test/support/packaging-golden.py. */
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/packaging.json'), 'utf8'),
) as {
  order: [string, string, number][];
  wrong: string[];
  specifiers: [string, string, boolean][];
  environments: MarkerValues[];
  markers: [string, boolean[]][];
};

describe('versions of Python packages', () => {
  it('are ordered as packaging orders them', () => {
    for (const [a, b, expected] of golden.order) {
      const [one, other] = [parseVersion(a), parseVersion(b)];
      assert.ok(one && other, `${a}, ${b}`);
      assert.equal(Math.sign(compareVersions(one, other)), expected, `${a} and ${b}`);
    }
  });

  it('that are none are told from those that are', () => {
    assert.ok(golden.wrong.length > 0);
    for (const text of golden.wrong) assert.equal(parseVersion(text), null, text);
  });

  it('satisfy a specifier where packaging says so', () => {
    for (const [version, specifier, expected] of golden.specifiers) {
      assert.equal(satisfies(version, specifier), expected, `${version} ${specifier}`);
    }
    assert.equal(satisfies('1.0', 'roughly 1'), null);
  });

  it('are the one asked for whatever local build they are, unless that is asked for too', () => {
    assert.ok(sameVersion('1.0', '1.0.0'));
    assert.ok(sameVersion('2.1.0', '2.1.0+cu118'));
    assert.ok(sameVersion('1.0-RC1', '1.0rc1'));
    assert.ok(!sameVersion('2.1.0+cpu', '2.1.0+cu118'));
    assert.ok(!sameVersion('1.0', '1.0.1'));
    assert.ok(!sameVersion('1.0', '1.0rc1'));
    assert.ok(!sameVersion('1.10', '1.1'));
    assert.ok(sameVersion('2024b', '2024B'));
  });
});

describe('environment markers', () => {
  it('hold where packaging says so, on four machines', () => {
    for (const [marker, expected] of golden.markers) {
      const found = golden.environments.map((values) => evaluateMarker(marker, values));
      assert.deepEqual(found, expected, marker);
    }
  });

  it('are not decided where they depend on an extra, a group, or cannot be read', () => {
    const [values] = golden.environments;
    assert.ok(values);
    for (const [marker, expected] of [
      ["extra == 'plot'", null],
      ["extra == 'plot' and sys_platform == 'win32'", false],
      ["extra == 'plot' or sys_platform == 'linux'", true],
      ["'dev' in dependency_groups", null],
      ["'x' in extras and python_version < '4'", null],
      ['sys_platform ==', null],
      ["moon_phase == 'full'", null],
    ] as const) {
      assert.equal(evaluateMarker(marker, values), expected, marker);
    }
  });

  it('of a version that is not known claim nothing', () => {
    const values = markerValues({
      version: '',
      implementation: 'cpython',
      platform: 'linux',
      machine: 'x86_64',
      release: '6.1',
    });
    assert.equal(evaluateMarker("python_version < '3.10'", values), null);
    assert.equal(evaluateMarker("sys_platform == 'linux'", values), true);
  });

  it('stand behind a requirement, whatever its form', () => {
    const none = { specifier: '', url: null, marker: null };
    assert.deepEqual(parseRequirement('Foo.Bar[a,b] (>=1,<2) ; os_name == "nt"'), {
      name: 'foo-bar',
      specifier: '>=1,<2',
      url: null,
      marker: 'os_name == "nt"',
    });
    assert.deepEqual(parseRequirement('x @ git+https://a.example/x.git@v1 ; os_name == "nt"'), {
      name: 'x',
      specifier: '',
      url: 'git+https://a.example/x.git@v1',
      marker: 'os_name == "nt"',
    });
    assert.deepEqual(parseRequirement('plain'), { name: 'plain', ...none });
    assert.equal(parseRequirement('./folder'), null);
    assert.equal(parseRequirement('https://a.example/x.whl'), null);
  });
});
