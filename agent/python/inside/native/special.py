"""Native calls whose files are not simply an argument."""
import os

from _runrecord import places
from _runrecord.encoding import import_re
from _runrecord.guard import quietly, wrap
from _runrecord.native import calls

QUOTED = r"'((?:[^']|'')+)'"


def stand_before_sql(module):
    """DuckDB: what a statement names in quotes and is there is read; where it copies to is written."""
    def make_function(original):
        def call(*arguments, **named):
            quietly(tell_statement, arguments[0] if arguments else named.get('query'))
            return original(*arguments, **named)
        return call

    def make_method(original):
        def call(self, *arguments, **named):
            quietly(tell_statement, arguments[0] if arguments else named.get('query'))
            return original(self, *arguments, **named)
        return call

    names = ('sql', 'query', 'execute', 'from_query')
    for name in names:
        if hasattr(module, name):
            wrap(module, name, make_function)
    connection = getattr(module, 'DuckDBPyConnection', None)
    for name in names:
        if hasattr(connection, name):
            wrap(connection, name, make_method)
    relation = getattr(module, 'DuckDBPyRelation', None)
    for name in ('write_csv', 'to_csv', 'write_parquet', 'to_parquet'):
        if hasattr(relation, name):
            wrap(relation, name, calls.standing('write', 1, 'file_name', 'duckdb'))
    for name in ('read_csv', 'read_parquet', 'read_json', 'from_csv_auto', 'from_parquet'):
        if hasattr(connection, name):
            wrap(connection, name, calls.standing('read', 1, '', 'duckdb'))


def tell_statement(text):
    if not isinstance(text, str) or "'" not in text:
        return
    for match in import_re().finditer(QUOTED, text):
        path = places.absolute(match.group(1).replace("''", "'"))
        before = text[:match.start()].rstrip().upper()
        if before.endswith(' TO') and 'COPY' in before:
            calls.opened(path, calls.ANEW, 'duckdb')
        elif before.endswith('ATTACH') or before.endswith('ATTACH DATABASE'):
            calls.watch(path, 'duckdb')
        elif os.path.isfile(path) or any(sign in path for sign in '*?['):
            calls.tell_read(path, 'duckdb')


def stand_before_training(module):
    """CatBoost writes its logs below `catboost_info`, or where it is told to."""
    def make(original):
        def _train(self, *arguments, **named):
            import time
            since = time.time()
            try:
                return original(self, *arguments, **named)
            finally:
                quietly(told, self, since)
        return _train

    def told(model, since):
        folder = (model.get_params() or {}).get('train_dir') or 'catboost_info'
        calls.tell_written_below(places.absolute(folder), since, 'catboost')

    if hasattr(getattr(module, '_CatBoostBase', None), '_train'):
        wrap(module._CatBoostBase, '_train', make)


def stand_before_trainer(module):
    """SentencePiece is told its files by name, in keywords or in one text of flags."""
    def make(original):
        def _Train(*arguments, **named):
            flags = dict(named)
            for argument in arguments:
                if isinstance(argument, str):
                    flags.update(part[2:].split('=', 1) for part in argument.split()
                                 if part.startswith('--') and '=' in part)
            quietly(told, flags)
            return original(*arguments, **named)
        return _Train

    def told(flags):
        given = flags.get('input') or ()
        for path in given.split(',') if isinstance(given, str) else given:
            calls.tell_read(places.absolute(os.fsdecode(path)), 'sentencepiece')
        if flags.get('model_prefix'):
            for ending in ('.model', '.vocab'):
                path = places.absolute(str(flags['model_prefix']) + ending)
                calls.opened(path, calls.ANEW, 'sentencepiece')

    trainer = getattr(module, 'SentencePieceTrainer', None)
    if trainer is not None:
        wrap(trainer, 'Train', make)
        wrap(trainer, 'train', make)


def stand_before_tokenizers(module):
    """A tokenizer of transformers that is made from a vocabulary's path has native code read it."""
    def make(original):
        def __init__(self, *arguments, **named):
            quietly(told, self)
            return original(self, *arguments, **named)
        return __init__

    def told(tokenizer):
        for name in ('_vocab', '_merges'):
            given = vars(tokenizer).get(name)
            if isinstance(given, str):
                calls.tell_read(places.absolute(given), 'tokenizers')

    wrap(module.TokenizersBackend, '__init__', make)
