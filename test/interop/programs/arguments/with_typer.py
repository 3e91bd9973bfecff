import json
from enum import Enum
from pathlib import Path

import typer


class Kind(str, Enum):
    small = "small"
    large = "large"


def main(source: Path, kind: Kind = Kind.small, lr: float = 0.1, verbose: bool = False):
    Path("out").mkdir(exist_ok=True)
    held = {"source": str(source), "kind": kind.value, "lr": lr, "verbose": verbose}
    Path("out/held.json").write_text(json.dumps(held))


if __name__ == "__main__":
    typer.run(main)
