import json
import os

import pyedflib
import pyreadstat
import pysam

os.makedirs("out", exist_ok=True)
survey, _ = pyreadstat.read_sav("data/survey.sav")
genome = pysam.FastaFile("data/genome.fa")
night = pyedflib.EdfReader("data/night.edf")
summary = {
    "age": float(survey.age.mean()),
    "gc": {name: sum(base in "GC" for base in genome.fetch(name)) for name in genome.references},
    "peak": round(float(abs(night.readSignal(0)).max()), 3),
}
night.close()
with open("out/summary.json", "w") as file:
    json.dump(summary, file)
print(summary)
