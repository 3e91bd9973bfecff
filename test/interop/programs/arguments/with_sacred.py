import json
import os

from sacred import Experiment
from sacred.observers import FileStorageObserver

experiment = Experiment("cells", save_git_info=False)
experiment.observers.append(FileStorageObserver("out/sacred", copy_sources=False))


@experiment.config
def settings():
    lr = 0.1
    width = 8
    doubled = width * 2


@experiment.automain
def main(_config, lr, doubled):
    with open("out/held.json", "w") as file:
        json.dump({key: value for key, value in _config.items()}, file)
    experiment.log_scalar("loss", lr * doubled, 1)
    return lr * doubled
