import json
import sys

with open(sys.argv[1]) as file:
    lines = file.readlines()
with open(sys.argv[2], "w") as file:
    json.dump({"lines": len(lines), "characters": sum(map(len, lines))}, file)
