import os

import h5py
import numpy as np

os.makedirs("out", exist_ok=True)
with h5py.File("data/signals.h5") as file, h5py.File("data/labels.h5", "r") as labels:
    means = np.array([file[f"run{n}"][:].mean() for n in labels["labels"][:]])
with h5py.File("data/grows.h5", "r+") as file:
    file["means"][:] = means
with h5py.File("out/means.h5", "w") as file:
    file.create_dataset("means", data=means, track_times=False)
    file["linked"] = h5py.ExternalLink("means-more.h5", "/more")
with h5py.File("out/means-more.h5", "a") as file:
    file.create_dataset("more", data=means * 2, track_times=False)
with open("out/as-object.h5", "w+b") as raw, h5py.File(raw, "w") as file:
    file.create_dataset("x", data=means, track_times=False)
print(means.tolist())
