"""What is known of frameworks, each in a module of its own that is not even compiled before a program
has imported what it is about. Nothing is ever imported here for a program that did not import it."""

import importlib

from .hook import when_imported

# A module that a program imports, and the function that then looks at it.
TABLE = (
    ('argparse', 'argparse_config.install'),
    ('click.core', 'click_config.install'),
    ('typer._click.core', 'click_config.install'),
    ('jsonargparse._core', 'jsonargparse_config.install'),
    ('jsonargparse.core', 'jsonargparse_config.install'),
    ('lightning.pytorch.cli', 'jsonargparse_config.install_lightning'),
    ('pytorch_lightning.cli', 'jsonargparse_config.install_lightning'),
    ('transformers.hf_argparser', 'class_config.install_hf'),
    ('tyro', 'class_config.install_tyro'),
    ('simple_parsing', 'class_config.install_simple_parsing'),
    ('draccus', 'class_config.install_draccus'),
    ('omegaconf.omegaconf', 'omegaconf_config.install'),
    ('hydra.core.hydra_config', 'hydra_config.install_jobs'),
    ('hydra._internal.callbacks', 'hydra_config.install_callbacks'),
    ('hydra._internal.config_loader_impl', 'hydra_config.install_loader'),
    ('hydra.compose', 'hydra_config.install_compose'),
)


def install():
    for name, ours in TABLE:
        when_imported(name, _later(ours))


def _later(ours):
    def apply(module):
        file, _, function = ours.partition('.')
        getattr(load(file), function)(module)
    return apply


def load(name):
    """A module of this folder."""
    return importlib.import_module('.' + name, __name__)
