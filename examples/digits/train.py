"""Trains a small neural network to read handwritten digits. Standard library only.

    python3 train.py [key=value ...]        the keys are those of config.json
"""
import csv
import json
import math
import os
import random
import sys
import time
from operator import mul

WEIGHT_DECAY = 0.0
CLASSES = 10


def load_config(overrides):
    with open("config.json", encoding="utf-8") as file:
        config = json.load(file)
    for override in overrides:
        key, equals, text = override.partition("=")
        if not equals or key not in config:
            sys.exit(f"train.py: there is no {key!r} to set; known are: {', '.join(config)}")
        config[key] = type(config[key])(text)
    return config


def load_digits(path):
    """Each line: 64 brightnesses from 0 to 16, row by row, then the digit."""
    with open(path, newline="", encoding="ascii") as file:
        rows = [[int(cell) for cell in row] for row in csv.reader(file)]
    return [([value / 16 for value in row[:-1]], row[-1]) for row in rows]


def new_layer(rng, inputs, outputs):
    reach = math.sqrt(6 / (inputs + outputs))
    weights = [[rng.uniform(-reach, reach) for _ in range(inputs)] for _ in range(outputs)]
    return {"weights": weights, "biases": [0.0] * outputs}


def apply_layer(layer, inputs):
    pairs = zip(layer["weights"], layer["biases"])
    return [sum(map(mul, weights, inputs)) + bias for weights, bias in pairs]


def predict(model, pixels):
    """The activations of the hidden layer, and a probability for each digit."""
    hidden = [math.tanh(value) for value in apply_layer(model["hidden"], pixels)]
    scores = apply_layer(model["output"], hidden)
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return hidden, [power / total for power in powers]


def descend(layer, inputs, slopes, rate):
    """Moves the layer's weights against the slope of the loss at its outputs."""
    keep = 1 - rate * WEIGHT_DECAY
    for index, slope in enumerate(slopes):
        step = rate * slope
        weights = layer["weights"][index]
        layer["weights"][index] = [keep * w - step * value for w, value in zip(weights, inputs)]
        layer["biases"][index] -= step


def train_batch(model, batch, rate):
    """One step for each example of a batch, of its share; answers the summed loss before it."""
    loss = 0.0
    steps = []
    for pixels, digit in batch:
        hidden, chances = predict(model, pixels)
        loss -= math.log(max(chances[digit], 1e-12))
        slopes = [chance - (index == digit) for index, chance in enumerate(chances)]
        columns = zip(*model["output"]["weights"])
        below = [sum(map(mul, column, slopes)) * (1 - h * h) for column, h in zip(columns, hidden)]
        steps.append((pixels, hidden, slopes, below))
    for pixels, hidden, slopes, below in steps:
        descend(model["output"], hidden, slopes, rate / len(batch))
        descend(model["hidden"], pixels, below, rate / len(batch))
    return loss


def evaluate(model, examples):
    loss, right = 0.0, 0
    for pixels, digit in examples:
        _, chances = predict(model, pixels)
        loss -= math.log(max(chances[digit], 1e-12))
        right += chances.index(max(chances)) == digit
    return loss / len(examples), right / len(examples)


def save(path, value):
    """Writes beside the file and renames, so that nobody reads half a checkpoint."""
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        json.dump(value, file)
    os.replace(path + ".tmp", path)


def report(epoch, metrics):
    """Tells the recorder, if there is one: any language can append these lines."""
    if "RUNRECORD_EVENTS" in os.environ:
        with open(os.environ["RUNRECORD_EVENTS"], "a", encoding="utf-8") as file:
            for name, value in metrics.items():
                line = {"type": "metric", "name": name, "value": value, "step": epoch, "epoch": epoch}
                file.write(json.dumps(line) + "\n")


def main():
    config = load_config(sys.argv[1:])
    rng = random.Random(config["seed"])
    examples = load_digits(config["data"])
    rng.shuffle(examples)
    held_back = int(len(examples) * config["validation"])
    validation, training = examples[:held_back], examples[held_back:]
    model = {
        "hidden": new_layer(rng, len(examples[0][0]), config["hidden"]),
        "output": new_layer(rng, config["hidden"], CLASSES),
    }
    os.makedirs(config["out"], exist_ok=True)
    print(f"{len(training)} digits to learn from, {len(validation)} to check with", flush=True)

    history = []
    for epoch in range(1, config["epochs"] + 1):
        started = time.monotonic()
        rng.shuffle(training)
        batches = range(0, len(training), config["batch"])
        loss = sum(
            train_batch(model, training[i : i + config["batch"]], config["lr"]) for i in batches
        )
        val_loss, val_acc = evaluate(model, validation)
        metrics = {"loss": loss / len(training), "val_loss": val_loss, "val_acc": val_acc}
        best = max((entry["val_acc"] for entry in history), default=0.0)
        history.append({"epoch": epoch, **metrics})
        report(epoch, metrics)
        print(
            f"epoch {epoch:2d}/{config['epochs']}  loss {metrics['loss']:.4f}  "
            f"val_loss {val_loss:.4f}  val_acc {val_acc:.4f}  {time.monotonic() - started:.2f} s",
            flush=True,
        )
        if val_acc > best:
            save(os.path.join(config["out"], "best.json"), {"epoch": epoch, "model": model})
        if epoch % config["checkpoint_every"] == 0:
            name = f"epoch-{epoch:02d}.json"
            save(os.path.join(config["out"], name), {"epoch": epoch, "model": model})

    save(os.path.join(config["out"], "metrics.json"), {"config": config, "history": history})
    top = max(history, key=lambda entry: entry["val_acc"])
    print(f"best val_acc {top['val_acc']:.4f} in epoch {top['epoch']}")


if __name__ == "__main__":
    main()
