import argparse
import json
import os
import pathlib
import time

parser = argparse.ArgumentParser(fromfile_prefix_chars="@")
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--names", nargs="*", default=["a", "b"])
parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("out"))
parser.add_argument("--dry", action="store_true")
parser.add_argument("--stamp", default=time.strftime("%Y%m%d-%H%M%S"))
commands = parser.add_subparsers(dest="command", required=True)
fit = commands.add_parser("fit")
fit.add_argument("--epochs", type=int, default=3)
args = parser.parse_args()
os.makedirs(args.out, exist_ok=True)
with open(args.out / "held.json", "w") as file:
    json.dump(vars(args), file, default=str)
args.lr = args.lr / 2
