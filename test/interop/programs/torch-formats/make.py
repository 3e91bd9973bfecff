import os

import torch
from safetensors.torch import save_file

os.makedirs("data", exist_ok=True)
torch.manual_seed(0)
torch.jit.script(torch.nn.Linear(4, 2)).save("data/scripted.pt")
save_file({"weight": torch.randn(2, 4), "bias": torch.zeros(2)}, "data/weights.safetensors")
torch.save(torch.arange(12.0).reshape(3, 4), "data/batch.pt")
torch.arange(4.0).numpy().tofile("data/raw.bin")
