import os

import numpy as np
import pandas as pd
import pyedflib
import pyreadstat

os.makedirs("data", exist_ok=True)
generator = np.random.default_rng(0)
writer = pyedflib.EdfWriter("data/night.edf", 1)
writer.setSignalHeaders([{
    "label": "EEG", "dimension": "uV", "sample_frequency": 100,
    "physical_max": 200, "physical_min": -200, "digital_max": 2047, "digital_min": -2048,
    "prefilter": "", "transducer": "",
}])
writer.writeSamples([generator.normal(0, 20, 500)])
writer.close()
pyreadstat.write_sav(pd.DataFrame({"age": [31, 44, 58], "score": [1.5, 2.5, 0.5]}), "data/survey.sav")
with open("data/genome.fa", "w") as file:
    for name in ("chr1", "chr2"):
        bases = "".join(generator.choice(list("ACGT"), 120))
        file.write(f">{name}\n{bases[:60]}\n{bases[60:]}\n")
