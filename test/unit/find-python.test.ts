import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPythons } from '../../agent/recorder/find-python.ts';

describe('the Python that runs the keeper', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'pythons-')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Any binary will do: none is started. */
  const install = (path: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync('/bin/sh', file);
    return file;
  };
  const script = (path: string, text: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  };
  const found = (environment: NodeJS.ProcessEnv, cwd = folder) =>
    [...findPythons(environment, cwd)].filter((path) => path.startsWith(folder));

  it('is a binary on PATH, never a script', () => {
    script('shim/python3', '#!/bin/sh\nexit 1\n');
    const real = install('bin/python3');
    assert.deepEqual(found({ PATH: `${folder}/shim:${folder}/bin` }), [real]);
  });

  it('is none that its name says is too old', () => {
    install('bin/python3.7');
    const real = install('other/python3');
    install('third/python2.7');
    assert.deepEqual(found({ PATH: `${folder}/bin:${folder}/third:${folder}/other` }), [real]);
  });

  it('is what a version manager would have chosen', () => {
    script(
      'pyenv/shims/python3',
      `#!/bin/sh\nexport PYENV_ROOT="${folder}/pyenv"\nexec pyenv exec\n`,
    );
    for (const version of ['3.9.1', '3.12.1', '3.12.10']) {
      install(`pyenv/versions/${version}/bin/python3`);
    }
    script('pyenv/version', '3.9.1\n');
    const environment = { PATH: `${folder}/pyenv/shims` };
    const version = (path: string | undefined) => path?.split('/').at(-3);
    assert.equal(version(found(environment)[0]), '3.9.1');
    script('work/.python-version', '3.12\n');
    assert.equal(version(found(environment, join(folder, 'work'))[0]), '3.12.10');
    const chosen = { ...environment, PYENV_VERSION: '3.12.1' };
    assert.equal(version(found(chosen, join(folder, 'work'))[0]), '3.12.1');
  });
});
