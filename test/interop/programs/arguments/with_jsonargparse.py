import json
import os
from dataclasses import dataclass
from typing import List, Optional

from jsonargparse import ActionConfigFile, ArgumentParser


@dataclass
class Optimizer:
    lr: float = 0.1
    betas: List[float] = (0.9, 0.99)


parser = ArgumentParser()
parser.add_argument("--config", action=ActionConfigFile)
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--note", type=Optional[str], default=None)
parser.add_argument("--optimizer", type=Optimizer, default=Optimizer())
args = parser.parse_args()
os.makedirs("out", exist_ok=True)
held = {key: value for key, value in args.as_dict().items() if key != "config"}
with open("out/held.json", "w") as file:
    json.dump(held, file, default=list)
