import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findImported } from '../../agent/capture/environment/imported-packages.ts';

describe('packages that a program imported', () => {
  let root: string;
  let folder: string;
  let nowMs: number;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'run-record-test-'));
    folder = join(root, 'lib/site-packages');
    nowMs = Date.now();
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function install(name: string, version: string, tops: string[]) {
    const info = join(folder, `${name}-${version}.dist-info`);
    mkdirSync(info, { recursive: true });
    writeFileSync(join(info, 'top_level.txt'), `${tops.join('\n')}\n`);
    const normal = name.toLowerCase().replaceAll('_', '-');
    return { ecosystem: 'pypi', name: normal, version, source: null, imported: null };
  }

  /** What is told of each, after these modules were imported in these versions. */
  function told(
    packages: ReturnType<typeof install>[],
    modules: Record<string, string | null>,
    isWhole = true,
  ) {
    const seen = Object.entries(modules).map(([name, version]) => {
      return [name, { file: join(folder, name, '__init__.py'), version }] as const;
    });
    const found = findImported(packages, new Map(seen), {
      isWhole,
      cacheFolder: join(root, 'cache'),
      nowMs,
    });
    return found.map(({ name, imported, importedVersion }) => [name, imported, importedVersion]);
  }

  it('are told by the modules that each brings', () => {
    const packages = [
      install('PyYAML', '6.0', ['yaml', '_yaml']),
      install('numpy', '2.0', ['numpy']),
    ];
    assert.deepEqual(told(packages, { yaml: null }), [
      ['pyyaml', true, undefined],
      ['numpy', false, undefined],
    ]);
  });

  it('are not known to be left out where the program was not seen to its end', () => {
    assert.deepEqual(told([install('numpy', '2.0', ['numpy'])], { six: null }, false), [
      ['numpy', null, undefined],
    ]);
  });

  it('are not known apart where several share a namespace', () => {
    const packages = [install('a_one', '1.0', ['shared']), install('a_two', '1.0', ['shared'])];
    assert.deepEqual(told(packages, { shared: null }), [
      ['a-one', null, undefined],
      ['a-two', null, undefined],
    ]);
  });

  it('tell the version of the module where it is another one', () => {
    const packages = [
      install('numpy', '2.3.1', ['numpy']),
      install('torch', '2.4.0+cpu', ['torch']),
      install('cv2', '4.9.0.80', ['cv2']),
      install('six', '1.16.0', ['six']),
      install('lab_tools', '1.0.1', ['lab_tools']),
    ];
    const modules = {
      numpy: '1.26.4',
      torch: '2.4.0',
      cv2: '4.9.0',
      six: 'unknown',
      lab_tools: '1.0',
    };
    assert.deepEqual(
      told(packages, modules).map(([name, , version]) => [name, version]),
      [
        ['numpy', '1.26.4'],
        ['torch', undefined],
        ['cv2', undefined],
        ['six', undefined],
        ['lab-tools', undefined],
      ],
    );
  });

  it('are found again without reading, as long as nothing is installed', () => {
    const packages = [install('PyYAML', '6.0', ['yaml'])];
    const all = [...packages, install('lab_tools', '1.0', [])];
    const record = join(folder, 'lab_tools-1.0.dist-info', 'RECORD');
    writeFileSync(record, 'labtools/__init__.py,sha256=00,0\nlabtools_cli.py,,\n');
    const expected = [
      ['pyyaml', true, undefined],
      ['lab-tools', true, undefined],
    ];
    // A folder that changed in the last seconds is not remembered: its next change could go unseen.
    const modules = { yaml: null, labtools: null };
    assert.deepEqual(told(all, modules), expected);
    assert.equal(existsSync(join(root, 'cache')), false);
    nowMs += 10_000;
    assert.deepEqual(told(all, modules), expected);
    writeFileSync(join(folder, 'PyYAML-6.0.dist-info', 'top_level.txt'), 'other\n');
    writeFileSync(record, '');
    assert.deepEqual(told(all, modules), expected);
    install('other', '1.0', ['other']);
    assert.deepEqual(told(all, modules), [
      ['pyyaml', false, undefined],
      ['lab-tools', false, undefined],
    ]);
  });
});
