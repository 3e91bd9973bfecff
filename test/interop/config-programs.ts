import { holdsConfig } from './effective-config.ts';
import type { Program } from './program.ts';

const folder = 'arguments';

/** One program for each way in which programs are configured. */
export const configPrograms: Program[] = [
  {
    name: 'arguments of argparse',
    folder,
    command: [
      'python',
      'with_argparse.py',
      '--names',
      'x',
      'y',
      '--lr=0.5',
      'fit',
      '--epochs',
      '7',
    ],
    varies: /held\.json/,
    check: (recorded) =>
      holdsConfig(recorded, 'out/held.json', {
        lr: 'override',
        names: 'override',
        out: 'default',
        stamp: 'generated',
        epochs: 'override',
      }),
  },
  {
    name: 'arguments of click',
    folder,
    command: ['env', 'TRAIN_LR=0.7', 'python', 'with_click.py', 'train', 'table.csv', '--tag', 'a'],
    check: (recorded) =>
      holdsConfig(recorded, 'out/held.json', {
        lr: 'environment',
        seed: 'default',
        tag: 'override',
        fast: 'default',
      }),
  },
  {
    name: 'arguments of typer',
    folder,
    command: ['python', 'with_typer.py', 'table.csv', '--kind', 'large'],
    check: (recorded) =>
      holdsConfig(recorded, 'out/held.json', { kind: 'override', lr: 'default' }),
  },
  {
    name: 'arguments of jsonargparse',
    folder,
    command: ['python', 'with_jsonargparse.py', '--config', 'settings.yaml', '--note', 'x'],
    check: (recorded) =>
      holdsConfig(recorded, 'out/held.json', {
        epochs: 'file',
        note: 'override',
        'optimizer.lr': 'file',
        'optimizer.betas': 'default',
      }),
  },
  {
    name: 'arguments of dataclasses',
    folder,
    command: ['python', 'with_hf.py', '--width', '16'],
    check: (recorded) =>
      holdsConfig(recorded, 'out/held.json', { width: 'override', parts: 'default' }),
  },
  {
    name: 'configuration of OmegaConf',
    folder,
    command: ['python', 'with_omegaconf.py', 'model.width=32'],
    check: (recorded) =>
      holdsConfig(recorded, 'out/held.json', { name: 'file', 'model.width': 'override' }),
  },
  {
    name: 'settings of pydantic',
    folder,
    command: ['env', 'LAB_EPOCHS=9', 'python', 'with_pydantic.py'],
    check: (recorded) =>
      holdsConfig(recorded, 'out/held.json', {
        name: 'file',
        epochs: 'environment',
        lr: 'default',
        'database.port': 'file',
      }),
  },
  {
    name: 'flags of absl',
    folder,
    command: ['python', 'with_absl.py', '--lr=0.5', '--fast'],
    check: (recorded) =>
      holdsConfig(recorded, 'out/held.json', { lr: 'override', parts: 'default' }),
  },
  {
    name: 'configuration of Sacred',
    folder,
    command: ['python', 'with_sacred.py', 'with', 'width=16', 'seed=5'],
    varies: /out\/sacred/,
    unordered: true,
    // Sacred keeps what is printed by means of `tee`.
    unseen: { says: /not Python, and not seen from inside: .*tee/, files: /^$/ },
    check: (recorded) =>
      holdsConfig(recorded, 'out/held.json', { width: 'override', lr: 'default' }),
  },
  {
    name: 'configuration of gin',
    folder,
    command: ['python', 'with_gin.py'],
    check: (recorded) =>
      holdsConfig(recorded, 'out/held.json', {
        'train.lr': 'file',
        'train.name': 'default',
        'Model.width': 'file',
      }),
  },
];
