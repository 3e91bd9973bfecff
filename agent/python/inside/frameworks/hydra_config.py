"""Hydra: the config that a job gets, resolved as it would see it; and the jobs of a multirun."""

import os
import sys
import time
from _thread import _local

from .callers import called_by_user
from .config_report import is_quiet, report_config
from .hook import job_ends, report, set_job
from .hooks import after, around, before
from .hydra_origins import find, is_multirun, job_directory, task_overrides
from .omegaconf_values import see, see_drawn

_state = _local()
WAIT_S = 5.0
# Jobs whose record nobody made: those after them do not wait.
_missed = []


def install_jobs(module):
    # A job begins when Hydra turns to its config: what it writes before the program's function is its own.
    before(module.HydraConfig, 'set_config', _begin_job)


def install_callbacks(module):
    before(module.Callbacks, 'on_job_start', _tell_start)
    before(module.Callbacks, 'on_job_end', _tell_end)
    before(module.Callbacks, 'on_multirun_end', _tell_sweep_end)


def install_loader(module):
    after(module.ConfigLoaderImpl, '_load_single_config', _note_file)
    around(module.ConfigLoaderImpl, 'load_configuration', _note_composition)


def install_compose(module):
    after(module, 'compose', _tell_compose)


def _note_composition(*args, **kwargs):
    _state.loading = []

    def end(result, error):
        _state.composed, _state.loading = _state.loading, []
        _state.hydra = result.hydra if error is None else None
    return end


def _note_file(result, loader, default, repo):
    loading = getattr(_state, 'loading', None)
    if loading is not None:
        loading.append((default, result))


def _tell_compose(config, config_name=None, overrides=None, *args, **kwargs):
    if called_by_user('hydra.') and not is_quiet():
        _tell(see(config), getattr(_state, 'hydra', None), [str(text) for text in overrides or []], 'hydra:compose')


def _begin_job(singleton, config):
    """Of a multirun alone; a job whose end was not seen has ended when the next one begins."""
    hydra = config.hydra
    number = hydra.job.get('num', None) if is_multirun(hydra) else None
    if number is None or getattr(_state, 'job', None) == number:
        return
    if getattr(_state, 'job', None) is not None:
        _end_job('failed', None)
    _state.job = number
    report({
        't': 'job', 'event': 'start', 'job': number,
        'overrides': task_overrides(hydra), 'directory': job_directory(config),
    })
    set_job(number)
    wait_for_record(number)


def _tell_start(callbacks, config, **kwargs):
    # Hydra hands the task's own copy to nobody before the task.
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_name != 'run_job':
        frame = frame.f_back
    if frame is not None:
        _state.tell_again = _tell_job(frame.f_locals['task_cfg'], config)


def _tell_end(callbacks, config, job_return, **kwargs):
    tell_again, _state.tell_again = getattr(_state, 'tell_again', None), None
    if tell_again is not None:
        tell_again()
    failure = job_return._return_value if job_return.status.name == 'FAILED' else None
    if failure is None:
        _end_job('succeeded', None)
    else:
        _end_job('failed', '%s: %s' % (type(failure).__name__, failure), _traceback_of(failure))


def _traceback_of(failure):
    try:
        from _runrecord.ending import write_traceback
        return write_traceback(type(failure), failure, failure.__traceback__)
    except Exception:
        return None


def _tell_sweep_end(callbacks, config, **kwargs):
    _end_job('failed', None)


def _end_job(status, message, traceback=None):
    job, _state.job = getattr(_state, 'job', None), None
    if job is not None:
        job_ends()
        report({
            't': 'job', 'event': 'end', 'job': job, 'status': status,
            'message': message, 'traceback': traceback,
        })
        set_job(None)


def wait_for_record(job):
    """Until the record of a job is durable; not longer than a while, as there may be nobody to make it."""
    folder = os.environ.get('RUNRECORD_DIR')
    if not folder:
        return
    ready = os.path.join(folder, 'observed', 'job-%d.ready' % job)
    until = time.monotonic() + (WAIT_S if not _missed else 0)
    while not os.path.exists(ready):
        if time.monotonic() >= until:
            _missed.append(job)
            return
        time.sleep(0.005)


def _tell_job(task_config, config):
    """Tells the config of a job. Gives what tells it again, once the program has drawn what it draws."""
    try:
        seen = see(task_config)
        tell = _tell(seen, config.hydra, task_overrides(config.hydra), 'hydra')
    except Exception:
        return lambda: None

    def tell_again():
        try:
            if seen.drawn and see_drawn(task_config, seen):
                tell()
        except Exception:
            return
    return tell_again


def _tell(seen, hydra, overrides, id):
    origins, sources = find(seen, getattr(_state, 'composed', []), overrides, hydra)

    def tell():
        values = {key: value for key, value in seen.values.items() if key != 'hydra'}
        unresolved = [told for told in seen.unresolved if not told['key'].startswith('hydra.')]
        report_config('hydra', values, origins, unresolved, overrides, sources, id=id)
    tell()
    return tell
