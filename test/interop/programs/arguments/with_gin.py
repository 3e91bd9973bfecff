import json
import os

import gin


@gin.configurable
def train(lr=0.1, epochs=2, name="run"):
    return lr * epochs


@gin.configurable
class Model:
    def __init__(self, width=8):
        self.width = width


gin.parse_config_files_and_bindings(["base.gin"], ["train.epochs = 5"])
Model()
train()
os.makedirs("out", exist_ok=True)
with open("out/operative.gin", "w") as file:
    file.write(gin.operative_config_str())
with open("out/held.json", "w") as file:
    json.dump({"train": {"lr": 0.01, "epochs": 5, "name": "run"}, "Model": {"width": 16}}, file)
