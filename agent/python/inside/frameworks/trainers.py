"""Metrics of training loops that log for the user: Lightning and transformers."""

from .metrics import route
from .values import plain_number


def install_lightning(module):
    connector = getattr(module, '_LoggerConnector', None) or module.LoggerConnector
    route(connector, 'log_metrics', 'lightning', _lightning)


def _lightning(connector, metrics, step=None, *args, **kwargs):
    trainer = connector.trainer
    if not trainer.is_global_zero:
        return
    values = dict(metrics)
    logged = plain_number(values.pop('step')) if 'step' in values else None
    if step is None:
        step = logged if logged is not None else trainer.fit_loop.epoch_loop._batches_that_stepped
    epoch = plain_number(values.pop('epoch')) if 'epoch' in values else trainer.current_epoch
    for name, value in values.items():
        yield name, value, step, epoch


def install_csv_logger(module):
    route(module.CSVLogger, 'log_metrics', 'lightning', _csv)


def _csv(logger, metrics, step=None, *args, **kwargs):
    values = dict(metrics)
    epoch = values.pop('epoch', None)
    for name, value in values.items():
        yield name, value, step, epoch


def install_transformers(module):
    route(module.Trainer, 'log', 'hf-trainer', _transformers)


def _transformers(trainer, logs, *args, **kwargs):
    if not trainer.is_world_process_zero():
        return
    epoch = logs.get('epoch', trainer.state.epoch)
    for name, value in logs.items():
        if name not in ('epoch', 'step'):
            yield name, value, trainer.state.global_step, epoch
