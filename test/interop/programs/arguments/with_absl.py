import json
import os

from absl import app, flags

FLAGS = flags.FLAGS
flags.DEFINE_float("lr", 0.1, "The rate.")
flags.DEFINE_list("parts", ["a", "b"], "The parts.")
flags.DEFINE_bool("fast", False, "Whether it is fast.")


def main(argv):
    os.makedirs("out", exist_ok=True)
    with open("out/held.json", "w") as file:
        json.dump({"lr": FLAGS.lr, "parts": FLAGS.parts, "fast": FLAGS.fast}, file)


if __name__ == "__main__":
    app.run(main)
