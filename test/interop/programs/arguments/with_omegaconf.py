import json
import os
import sys

from omegaconf import OmegaConf

base = OmegaConf.load("base.yaml")
cfg = OmegaConf.merge(base, OmegaConf.from_cli(sys.argv[1:]))
os.makedirs("out", exist_ok=True)
with open("out/held.json", "w") as file:
    json.dump(OmegaConf.to_container(cfg, resolve=True), file)
