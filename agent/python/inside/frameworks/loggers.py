"""How each logger is called, and what that says: (name, value, step, epoch)."""

import sys

from . import metrics
from .config_report import has_spoken, join_key, leaves, report_config
from .hooks import after, before
from .metrics import route
from .values import members_of, plain


def install_tensorboard(module):
    writer = module.SummaryWriter
    route(writer, 'add_scalar', 'tensorboard', _scalar)
    route(writer, 'add_scalars', 'tensorboard', _scalars)
    route(writer, 'add_hparams', 'tensorboard', _hparams)


def _scalar(writer, tag, scalar_value, global_step=None, *args, **kwargs):
    yield tag, scalar_value, global_step, None


def _scalars(writer, main_tag, tag_scalar_dict, global_step=None, *args, **kwargs):
    for tag, value in tag_scalar_dict.items():
        yield '%s/%s' % (main_tag, tag), value, global_step, None


def _hparams(writer, hparam_dict, metric_dict, *args, **kwargs):
    _tell_params('tensorboard', hparam_dict)
    step = kwargs.get('global_step')
    for tag, value in metric_dict.items():
        yield tag, value, step, None


def install_tensorflow(module):
    route(module.summary, 'scalar', 'tensorboard', _tf_scalar)


def _tf_scalar(name, data, step=None, description=None):
    if step is None:
        step = sys.modules['tensorflow'].summary.experimental.get_step()
    yield name, data, step, None


_params = {}


def _tell_params(source, params):
    """Parameters that a program hands to a tracker are its configuration, where nothing else told one."""
    if has_spoken(source):
        return
    known = _params.setdefault(source, {})
    known.update(plain(params))
    report_config(source, known, {join_key(*path): {'kind': 'program'} for path, _ in leaves(known)}, id=source)


def install_mlflow(module):
    client = module.TrackingServiceClient
    route(client, 'log_metric', 'mlflow', _mlflow_metric)
    route(client, 'log_batch', 'mlflow', _mlflow_batch)


def _mlflow_metric(client, run_id, key, value, timestamp=None, step=None, *args, **kwargs):
    yield key, value, step, None


def _mlflow_batch(client, run_id, metrics=(), *args, **kwargs):
    for metric in metrics:
        yield metric.key, metric.value, metric.step, None


def install_mlflow_fluent(module):
    before(module, 'log_param', lambda key, value, *args, **kwargs: _tell_params('mlflow', {key: value}))
    before(module, 'log_params', lambda params, *args, **kwargs: _tell_params('mlflow', params))


def install_wandb(module):
    route(module.Run, 'log', 'wandb', _wandb)


def install_wandb_init(module):
    after(module, 'init', _tell_wandb_config)


def _wandb(run, data, step=None, *args, **kwargs):
    at = step if step is not None else getattr(run, 'step', None)
    for name, value in _flat(data):
        yield name, value, at, None


def _tell_wandb_config(run, *args, **kwargs):
    config = kwargs.get('config')
    members = None if config is None else members_of(config)
    if members:
        _tell_params('wandb', members)


def _flat(data, place=''):
    for name, value in data.items():
        key = '%s.%s' % (place, name) if place else str(name)
        if isinstance(value, dict):
            for pair in _flat(value, key):
                yield pair
        else:
            yield key, value


def install_aim(module):
    route(module.Run, 'track', 'aim', _aim)


def _aim(run, value, name=None, step=None, epoch=None, **kwargs):
    for key, item in value.items() if isinstance(value, dict) else [(name, value)]:
        yield key, item, step, epoch


def install_comet(module):
    kind = getattr(module, 'CometExperiment', None) or getattr(module, 'BaseExperiment', None) or module.Experiment
    route(kind, 'log_metric', 'comet', _comet)
    route(kind, 'log_metrics', 'comet', _comet_many)


def _comet(experiment, name, value, step=None, epoch=None, *args, **kwargs):
    yield name, value, step, epoch


def _comet_many(experiment, dic, prefix=None, step=None, epoch=None, *args, **kwargs):
    for name, value in dic.items():
        yield '%s_%s' % (prefix, name) if prefix else name, value, step, epoch


def install_clearml(module):
    route(module.Logger, 'report_scalar', 'clearml', _clearml)


def _clearml(logger, title, series, value, iteration, *args, **kwargs):
    yield '%s/%s' % (title, series), value, iteration, None


def install_dvclive(module):
    route(module.Live, 'log_metric', 'dvclive', lambda live, name, val, *args, **kwargs: [(name, val, live.step, None)])


def install_xgboost(module):
    route(module.CallbackContainer, '_update_history', 'xgboost', _xgboost)


def _xgboost(container, score, epoch):
    for item in score:
        yield item[0], item[1], epoch, None


def install_lightgbm(module):
    for name in ('eval_valid', 'eval_train'):
        after(module.Booster, name, _tell_lightgbm)


def _tell_lightgbm(result, booster, /, *args, **kwargs):
    if not metrics.is_muted():
        step = booster.current_iteration() - 1
        metrics.tell('lightgbm', [('%s-%s' % (item[0], item[1]), item[2], step, None) for item in result])


def install_keras(module):
    route(module.History, 'on_epoch_end', 'keras', _keras)


def _keras(history, epoch, logs=None):
    for name, value in (logs or {}).items():
        yield name, value, None, epoch
