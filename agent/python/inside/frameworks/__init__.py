"""What is known of frameworks, each in a module of its own that is not even compiled before a program
has imported what it is about. Nothing is ever imported here for a program that did not import it."""

import os
import sys

from .hook import at_exit, when_imported

# A module that a program imports, and the function that then looks at it.
TABLE = (
    ('argparse', 'argparse_config.install'),
    ('click.core', 'click_config.install'),
    ('typer._click.core', 'click_config.install'),
    ('jsonargparse._core', 'jsonargparse_config.install'),
    ('jsonargparse.core', 'jsonargparse_config.install'),
    ('lightning.pytorch.cli', 'jsonargparse_config.install_lightning'),
    ('pytorch_lightning.cli', 'jsonargparse_config.install_lightning'),
    ('configargparse', 'argparse_config.install_configargparse'),
    ('dataclasses', 'instances.install_dataclasses'),
    ('pydantic_settings.main', 'instances.install_pydantic'),
    ('pydantic.env_settings', 'instances.install_pydantic'),
    ('transformers.training_args', 'instances.install_transformers'),
    ('absl.flags._flagvalues', 'flag_config.install_absl'),
    ('gin.config', 'flag_config.install_gin'),
    ('fire.core', 'flag_config.install_fire'),
    ('sacred.config.config_scope', 'flag_config.install_sacred_scopes'),
    ('sacred.run', 'flag_config.install_sacred'),
    ('transformers.hf_argparser', 'class_config.install_hf'),
    ('tyro', 'class_config.install_tyro'),
    ('simple_parsing', 'class_config.install_simple_parsing'),
    ('draccus', 'class_config.install_draccus'),
    ('omegaconf.omegaconf', 'omegaconf_config.install'),
    ('omegaconf.basecontainer', 'omegaconf_config.install_containers'),
    ('hydra.core.hydra_config', 'hydra_config.install_jobs'),
    ('hydra._internal.callbacks', 'hydra_config.install_callbacks'),
    ('hydra._internal.config_loader_impl', 'hydra_config.install_loader'),
    ('hydra.compose', 'hydra_config.install_compose'),
    ('random', 'seeds.install_python'),
    ('numpy.random', 'seeds.install_numpy'),
    ('torch', 'seeds.install_torch'),
    ('torch', 'settings.install_torch'),
    ('torch.cuda', 'seeds.install_cuda'),
    ('tensorflow', 'seeds.install_tensorflow'),
    ('jax.random', 'seeds.install_jax'),
    ('lightning.fabric.utilities.seed', 'seeds.install_lightning'),
    ('lightning_fabric.utilities.seed', 'seeds.install_lightning'),
    ('transformers.trainer_utils', 'seeds.install_transformers'),
    ('accelerate.utils.random', 'seeds.install_accelerate'),
    ('keras.src.utils.rng_utils', 'seeds.install_keras'),
    ('lightning.pytorch.trainer.trainer', 'settings.install_trainer'),
    ('pytorch_lightning.trainer.trainer', 'settings.install_trainer'),
    ('torch.utils.tensorboard.writer', 'loggers.install_tensorboard'),
    ('tensorboardX.writer', 'loggers.install_tensorboard'),
    ('tensorflow', 'loggers.install_tensorflow'),
    ('mlflow.tracking._tracking_service.client', 'loggers.install_mlflow'),
    ('mlflow', 'loggers.install_mlflow_fluent'),
    ('wandb.sdk.wandb_run', 'loggers.install_wandb'),
    ('wandb', 'loggers.install_wandb_init'),
    ('aim.sdk.run', 'loggers.install_aim'),
    ('comet_ml.experiment', 'loggers.install_comet'),
    ('clearml.logger', 'loggers.install_clearml'),
    ('dvclive.live', 'loggers.install_dvclive'),
    ('xgboost.callback', 'loggers.install_xgboost'),
    ('lightgbm.basic', 'loggers.install_lightgbm'),
    ('keras.src.callbacks.history', 'loggers.install_keras'),
    ('lightning.pytorch.trainer.connectors.logger_connector.logger_connector', 'trainers.install_lightning'),
    ('pytorch_lightning.trainer.connectors.logger_connector.logger_connector', 'trainers.install_lightning'),
    ('lightning.fabric.loggers.csv_logs', 'trainers.install_csv_logger'),
    ('lightning_fabric.loggers.csv_logs', 'trainers.install_csv_logger'),
    ('transformers.trainer', 'trainers.install_transformers'),
)


# The variables of the start: the program may set some that change numbers.
at_start = {}
NUMERIC = ('numpy', 'torch', 'tensorflow', 'jax')


def install():
    at_start.update(os.environ)
    for name, ours in TABLE:
        when_imported(name, _later(ours))
    at_exit(_look_at_settings)
    load('own_module').install()


def _look_at_settings():
    if os.environ != at_start or any(name in sys.modules for name in NUMERIC):
        load('settings').look()


def _later(ours):
    def apply(module):
        file, _, function = ours.partition('.')
        getattr(load(file), function)(module)
    return apply


def load(name):
    """A module of this folder."""
    full = '%s.%s' % (__name__, name)
    __import__(full)
    return sys.modules[full]
