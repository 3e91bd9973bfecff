import assert from 'node:assert/strict';
import * as held from './framework-checks.ts';
import type { Program } from './program.ts';
import { holdsMetrics, holdsSeeds } from './told-metrics.ts';

/** Programs that learn something, with the libraries that people learn with. */
export const frameworkPrograms: Program[] = [
  {
    name: 'scikit-learn with a grid search in processes',
    folder: 'sklearn-digits',
    command: ['python', 'train.py', '--seed', '3'],
    check: held.holdsPackages,
  },
  {
    name: 'a PyTorch loop with loader workers and checkpoints',
    folder: 'torch-train',
    command: ['python', 'train.py', '3'],
    check: ({ record }) => holdsSeeds(record, { torch: 0 }),
  },
  {
    name: 'the file formats of PyTorch',
    folder: 'torch-formats',
    command: ['python', 'convert.py'],
    // The order of its constants is by addresses.
    varies: /scripted\.pt/,
  },
  {
    name: 'PyTorch in two processes of torchrun',
    folder: 'torchrun',
    command: ['torchrun', '--standalone', '--nproc-per-node=2', 'ddp.py', '--lr', '0.05'],
    unordered: true,
    check: ({ record }) => {
      assert.deepEqual(record.config.resolved, { lr: 0.05 });
      holdsSeeds(record, { torch: 0 });
      assert.equal(record.environment?.settings['torch.num_threads'], '1');
    },
  },
  {
    name: 'XGBoost and LightGBM',
    folder: 'boosting',
    command: ['python', 'train.py'],
  },
  {
    name: 'MLflow, TensorBoard and a log of its own',
    folder: 'tracking',
    command: ['python', 'track.py'],
    varies: /\/out\/(?:board|mlflow|artifacts)/,
    check: (recorded) => {
      const { record } = recorded;
      held.holdsTracked(recorded);
      holdsMetrics(record, {
        r2: [1, 'mlflow'],
        residual: [3, 'mlflow'],
        'loss/train': [5, 'tensorboard'],
        'both/a': [1, 'tensorboard'],
        'both/b': [1, 'tensorboard'],
        accuracy: [4, 'jsonl'],
      });
      assert.deepEqual(record.config.resolved, { alpha: 0.1 });
    },
  },
  {
    name: 'a Lightning command line with two loggers',
    folder: 'lightning-cli',
    command: ['python', 'main.py', 'fit', '--config', 'conf/fit.yaml', '--model.lr=0.02'],
    varies: /\/out\/board\//,
    check: (recorded) => {
      const { record } = recorded;
      held.holdsLightning(recorded);
      holdsMetrics(record, { train_loss: [12, 'lightning'], val_loss: [2, 'lightning'] });
      holdsSeeds(record, { random: 7, numpy: 7, torch: 7 });
    },
  },
  {
    name: 'a trainer of transformers with arguments from JSON',
    folder: 'hf-trainer',
    command: ['python', 'train.py', 'data/args.json'],
    varies: /trainer_state|training_args/,
    check: (recorded) => {
      const { record } = recorded;
      held.holdsTrainer(recorded);
      holdsMetrics(record, { loss: [6, 'hf-trainer'], train_loss: [1, 'hf-trainer'] });
      holdsSeeds(record, { torch: 5 });
    },
  },
  {
    name: 'a Hydra application',
    folder: 'hydra-app',
    command: ['python', 'train.py', 'lr=0.2', 'model=large'],
    varies: /\/outputs\//,
    check: held.holdsHydra,
  },
  {
    name: 'a Hydra multirun',
    folder: 'hydra-app',
    command: ['python', 'train.py', '-m', 'lr=0.2,0.3', 'model=large,small'],
    varies: /\/multirun\//,
    check: held.holdsMultirun,
  },
];
