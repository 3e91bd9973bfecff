import os

import h5py
import numpy as np

os.makedirs("data", exist_ok=True)
with h5py.File("data/signals.h5", "w", track_order=True) as file:
    for number in range(3):
        file.create_dataset(f"run{number}", data=np.arange(100.0) * number, track_times=False)
with h5py.File("data/labels.h5", "w") as file:
    file.create_dataset("labels", data=np.arange(3), track_times=False)
with h5py.File("data/grows.h5", "w") as file:
    file.create_dataset("means", data=np.zeros(3), track_times=False)
