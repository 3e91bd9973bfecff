import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { storesConfigs } from '../core/config/hydra-app.ts';
import { isSmallFile, readScript } from './config-script.ts';

export interface Imports {
  /** A module of the workspace makes configs in code, which files do not show. */
  stores: boolean;
  /** A library is imported that may make some too. */
  foreign: boolean;
}

const maxModules = 200;

/** Libraries that make no configs, and what comes with Python, as far as scripts usually want it. */
const plain = new Set(
  `__future__ abc argparse ast asyncio base64 bisect builtins collections concurrent contextlib copy csv
  ctypes dataclasses datetime decimal enum errno fnmatch functools gc getpass glob gzip hashlib heapq
  importlib inspect io itertools json logging math multiprocessing numbers operator os pathlib pickle
  platform pprint queue random re shlex shutil signal socket sqlite3 statistics string struct
  subprocess sys tempfile textwrap threading time timeit traceback types typing typing_extensions
  unittest urllib uuid warnings weakref zipfile
  hydra omegaconf yaml toml tomllib torch torchvision torchaudio torchmetrics pytorch_lightning lightning
  numpy scipy pandas polars sklearn matplotlib seaborn plotly PIL cv2 skimage tqdm rich click wandb mlflow
  tensorboard tensorboardX transformers datasets accelerate tokenizers peft diffusers einops timm jax
  flax optax tensorflow keras xgboost lightgbm catboost h5py zarr joblib dask optuna ray gym gymnasium
  networkx sympy statsmodels psutil requests dotenv rootutils pyrootutils loguru nltk spacy
  sentencepiece safetensors pyarrow xarray`.split(/\s+/),
);

/** Follows what a script imports from the workspace. Asked only where a config was not found. */
export function surveyImports(path: string, cwd: string): Imports {
  const waiting = [path];
  const seen = new Set(waiting);
  let foreign = false;
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (seen.size > maxModules) return { stores: false, foreign: true };
    const text = readScript(file);
    if (storesConfigs(text)) return { stores: true, foreign };
    const roots = [dirname(path), dirname(file), cwd, join(cwd, 'src')];
    for (const { name, isRelative } of importedNames(text)) {
      const found = filesOf(name, roots);
      const [top = ''] = name.split('.');
      // A member of a module that was found has no file, nor has a folder that is a package.
      const isOwn = isRelative || filesOf(top, roots).length > 0 || isFolderOf(top, roots);
      foreign ||= found.length === 0 && !isOwn && !plain.has(top);
      for (const one of found) {
        if (!seen.has(one)) waiting.push(one);
        seen.add(one);
      }
    }
  }
  return { stores: false, foreign };
}

function importedNames(text: string): { name: string; isRelative: boolean }[] {
  const statements = text.matchAll(
    /^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t(]+([\w, \t]+)|import[ \t]+([\w., \t]+))/gm,
  );
  return [...statements].flatMap(([, dots = '', from, members = '', listed = '']) => {
    const each = (written: string) =>
      written.split(',').map((name) => name.trim().split(/\s/)[0] ?? '');
    const inside = each(members).map((name) => (from === '' ? name : `${from}.${name}`));
    const names = from === undefined ? each(listed) : [from, ...inside];
    return names.filter((name) => name !== '').map((name) => ({ name, isRelative: dots !== '' }));
  });
}

function filesOf(name: string, roots: string[]): string[] {
  const place = name.replaceAll('.', '/');
  return roots
    .flatMap((root) => [resolve(root, `${place}.py`), resolve(root, place, '__init__.py')])
    .filter(isSmallFile);
}

function isFolderOf(name: string, roots: string[]): boolean {
  return roots.some(
    (root) => statSync(join(root, name), { throwIfNoEntry: false })?.isDirectory() === true,
  );
}
