import json
import os
from dataclasses import asdict, dataclass, field
from typing import Optional

from transformers import HfArgumentParser


@dataclass
class Model:
    width: int = field(default=8, metadata={"help": "of each layer"})
    name: Optional[str] = None


@dataclass
class Data:
    path: str = "data"
    parts: int = 2


model, data = HfArgumentParser((Model, Data)).parse_args_into_dataclasses()
os.makedirs("out", exist_ok=True)
with open("out/held.json", "w") as file:
    json.dump({**asdict(model), **asdict(data)}, file)
