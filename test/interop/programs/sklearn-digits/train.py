import argparse
import json
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from lab.features import add_features


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("data/train.csv"))
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    frame = add_features(pd.read_csv(args.data))
    x, y = frame.drop(columns="label"), frame["label"]
    x_train, x_test, y_train, y_test = train_test_split(x, y, random_state=args.seed)
    search = GridSearchCV(
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
        {"logisticregression__C": [0.1, 1.0, 10.0]},
        n_jobs=args.jobs,
    )
    search.fit(x_train, y_train)
    accuracy = search.score(x_test, y_test)
    print(f"accuracy {accuracy:.4f} with {search.best_params_}")

    args.out.mkdir(parents=True, exist_ok=True)
    joblib.dump(search.best_estimator_, args.out / "model.joblib")
    joblib.dump(search.cv_results_["mean_test_score"], args.out / "scores.joblib", compress=3)
    (args.out / "metrics.json").write_text(json.dumps({"accuracy": accuracy}))
    again = joblib.load(args.out / "model.joblib")
    assert again.score(x_test, y_test) == accuracy
    known = packages_distributions()
    used = {name for module in sys.modules for name in known.get(module.partition(".")[0], [])}
    (args.out / "packages.json").write_text(json.dumps(sorted(used)))


if __name__ == "__main__":
    main()
