"""Files that native code of libraries opens, where Python's audit events do not tell."""
from _runrecord.imports import when_imported
from _runrecord.report import blind


def install():
    from _runrecord.native.table import BLIND, PATHS
    for name in PATHS:
        when_imported(name, stand_before_all)
    for name, what in BLIND.items():
        when_imported(name, lambda module, what=what: blind(what))
    when_imported('duckdb', later('stand_before_sql'))
    when_imported('catboost.core', later('stand_before_training'))
    when_imported('transformers.tokenization_utils_tokenizers', later('stand_before_tokenizers'))
    when_imported('sentencepiece', later('stand_before_trainer'))


def stand_before_all(module):
    from _runrecord.native.calls import stand_before
    from _runrecord.native.table import PATHS
    how = module.__name__.partition('.')[0]
    for attribute, act, position, name in PATHS[module.__name__]:
        stand_before(module, attribute, act, position, name, how)


def later(name):
    def apply(module):
        from _runrecord.native import special
        getattr(special, name)(module)
    return apply
