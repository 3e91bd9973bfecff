import os

import numpy as np
import torch

rng = np.random.default_rng(0)
os.makedirs("data/shards", exist_ok=True)
for shard in range(4):
    x = rng.normal(size=(64, 10)).astype("float32")
    np.save(f"data/shards/x-{shard}.npy", x)
    np.save(f"data/shards/y-{shard}.npy", (x.sum(1) > 0).astype("int64"))
torch.manual_seed(1)
torch.save({"0.weight": torch.randn(16, 10), "0.bias": torch.zeros(16)}, "data/pretrained.pt")
