import json
import os

import mlflow
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from torch.utils.tensorboard import SummaryWriter

os.makedirs("out", exist_ok=True)
mlflow.set_tracking_uri("sqlite:///out/mlflow.db")
mlflow.set_experiment(experiment_id=mlflow.create_experiment("ridge", artifact_location="out/artifacts"))
table = pd.read_csv("data/points.csv")
x_train, x_test, y_train, y_test = train_test_split(table[["x"]], table["y"], random_state=0)
with mlflow.start_run():
    mlflow.log_param("alpha", 0.1)
    model = Ridge(alpha=0.1).fit(x_train, y_train)
    mlflow.log_metric("r2", model.score(x_test, y_test))
    for step in range(3):
        mlflow.log_metric("residual", 1.0 / (step + 1), step=step)
    mlflow.log_dict({"coef": model.coef_.tolist()}, "coef.json")
with SummaryWriter("out/board") as writer:
    for step in range(5):
        writer.add_scalar("loss/train", 1.0 / (step + 1), step)
    writer.add_scalars("both", {"a": 1.0, "b": 2.0}, 4)
with open("out/history.jsonl", "w") as file:
    for step in range(4):
        file.write(json.dumps({"step": step, "accuracy": 0.5 + step / 10}) + "\n")
print("tracked")
