"""What the stores hold, read by their own libraries: name, last value and number of points."""
import json
import sqlite3

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

held = {}
with sqlite3.connect("out/mlflow.db") as base:
    points = base.execute("select key, value from metrics order by key, step, timestamp").fetchall()
for name, value in points:
    held[name] = [value, held.get(name, [0, 0])[1] + 1]
board = EventAccumulator("out/board").Reload()
for name in board.Tags()["scalars"]:
    events = board.Scalars(name)
    held[name] = [events[-1].value, len(events)]
with open("out/history.jsonl") as file:
    rows = [json.loads(line) for line in file]
held["accuracy"] = [rows[-1]["accuracy"], len(rows)]
print(json.dumps(held))
