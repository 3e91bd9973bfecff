import os

import lightgbm
import numpy as np
import xgboost

os.makedirs("data", exist_ok=True)
rng = np.random.default_rng(0)
x = rng.normal(size=(200, 5))
y = (x[:, 0] + x[:, 1] > 0).astype(int)
with open("data/train.csv", "w") as file:
    for label, row in zip(y, x):
        file.write(",".join([str(label), *(f"{value:.5f}" for value in row)]) + "\n")
with open("data/train.libsvm", "w") as file:
    for label, row in zip(y, x):
        file.write(f"{label} " + " ".join(f"{i}:{value:.5f}" for i, value in enumerate(row)) + "\n")
quiet = {"verbosity": 0, "nthread": 1}
xgboost.train(quiet, xgboost.DMatrix(x, y), 2).save_model("data/earlier.json")
lightgbm.train({"verbosity": -1, "num_threads": 1}, lightgbm.Dataset(x, y), 2).save_model("data/earlier.txt")
