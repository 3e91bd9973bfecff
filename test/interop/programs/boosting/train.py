"""Both read and write their files in C."""
import json
import os

import lightgbm
import numpy as np
import xgboost

os.makedirs("out", exist_ok=True)
table = np.loadtxt("data/train.csv", delimiter=",")
x, y = table[:, 1:], table[:, 0]

earlier = xgboost.Booster()
earlier.load_model("data/earlier.json")
matrix = xgboost.DMatrix("data/train.libsvm?format=libsvm")
booster = xgboost.train(
    {"objective": "binary:logistic", "nthread": 1, "seed": 1}, matrix, 5, xgb_model=earlier
)
booster.save_model("out/model.json")
booster.save_model("out/model.ubj")
booster.dump_model("out/dump.txt")
matrix.save_binary("out/matrix.buffer")
classifier = xgboost.XGBClassifier(n_estimators=3, n_jobs=1).fit(x, y)
classifier.save_model("out/classifier.json")

data = lightgbm.Dataset("data/train.csv", params={"header": False, "label_column": 0, "verbosity": -1})
light = lightgbm.train(
    {"objective": "binary", "verbosity": -1, "num_threads": 1, "seed": 1}, data, 5,
    init_model="data/earlier.txt",
)
light.save_model("out/light.txt")
data.save_binary("out/light.bin")
again = lightgbm.Booster(model_file="out/light.txt")
print(json.dumps({"xgboost": round(float(booster.predict(matrix).mean()), 4), "lightgbm": again.num_trees()}))
