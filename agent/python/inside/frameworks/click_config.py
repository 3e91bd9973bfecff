"""click and typer: what the options and arguments of the command that runs came to, by whatever way.
The values of groups around it lie beside those of the command, as the program gets them."""

import os
import sys

from .callers import is_library, is_program, is_tool
from .command_line import in_code, option_text, override
from .config_report import is_quiet, join_key, report_config
from .hook import hidden
from .hooks import around

# Of each outermost context: itself, values, origins.
_told = {}


def install(module):
    around(module.Command, 'make_context', _begin)


def _begin(command, info_name, args, parent=None, **extra):
    words = [str(word) for word in args]

    def end(context, error):
        if error is None and not context.resilient_parsing and not is_quiet():
            _tell(command, context, words)
    return end


def _tell(command, context, words):
    if not context.params or not _is_theirs(command):
        return
    system = 'typer' if type(command).__module__.startswith('typer') else 'click'
    enum = 'value' if system == 'typer' else 'name'
    values, origins = {}, {}
    by_name = {param.name: param for param in command.params}
    for name, value in context.params.items():
        param = by_name.get(name)
        origins[name] = _origin(param, name, context, command, words)
        if getattr(param, 'hide_input', False) and value:
            value = hidden('password', 'config.' + name)
            origins[name].pop('text', None)
        values[name] = value
    root = context.find_root()
    _, all_values, all_origins = _told.setdefault(id(root), (root, {}, {}))
    _put(all_values, all_origins, values, origins, context)
    report_config(system, all_values, all_origins, id=system, enum=enum)


def _put(all_values, all_origins, values, origins, context):
    chained = context.parent is not None and getattr(context.parent.command, 'chain', False)
    clash = chained or any(name in all_values for name in values)
    if clash and context.info_name:
        all_values[context.info_name] = values
        all_origins.update((join_key(context.info_name, name), origin) for name, origin in origins.items())
    else:
        all_values.update(values)
        all_origins.update((join_key(name), origin) for name, origin in origins.items())


def _is_theirs(command):
    name = getattr(command.callback, '__module__', None)
    if name is None:
        return is_program('click.', 'typer.')
    path = getattr(sys.modules.get(name), '__file__', None)
    if is_tool(name):
        return False
    return path is None or not is_library(path) or is_program('click.', 'typer.')


def _origin(param, name, context, command, words):
    source = getattr(context.get_parameter_source(name), 'name', 'DEFAULT')
    options = list(getattr(param, 'opts', ())) + list(getattr(param, 'secondary_opts', ()))
    if source == 'COMMANDLINE':
        return override(_typed(param, options, words, context.params[name]))
    if source == 'ENVIRONMENT':
        return {'kind': 'environment', 'name': _variable(param, context) or ''}
    if source == 'PROMPT':
        return {'kind': 'override', 'name': 'prompt'}
    if source == 'DEFAULT_MAP':
        return {'kind': 'program'}
    code = getattr(_innermost(command.callback), '__code__', None)
    return in_code((os.path.abspath(code.co_filename), code.co_firstlineno) if code else None)


def _innermost(function):
    for _ in range(20):
        inner = getattr(function, '__wrapped__', None)
        if inner is None:
            break
        function = inner
    return function


def _typed(param, options, words, value):
    if getattr(param, 'param_type_name', '') == 'argument':
        given = value if isinstance(value, (list, tuple)) else [value]
        return ' '.join(str(getattr(item, 'name', item)) for item in given)
    texts, rest = [], list(words)
    count = 0 if getattr(param, 'is_flag', False) or getattr(param, 'count', False) else getattr(param, 'nargs', 1)
    for at, word in enumerate(rest):
        if word.partition('=')[0] in options or (len(word) > 2 and word[:2] in options and word[1] != '-'):
            values = rest[at + 1:at + 1 + max(count, 0)] if word in options else []
            texts.append(option_text(options, values, rest[at:]) or word)
    return ' '.join(texts) or (options[0] if options else '')


def _variable(param, context):
    names = [param.envvar] if isinstance(param.envvar, str) else list(param.envvar or ())
    prefix = context.auto_envvar_prefix
    if prefix and param.name:
        names.append('%s_%s' % (prefix, param.name.upper()))
    return next((name for name in names if os.environ.get(name)), None)
