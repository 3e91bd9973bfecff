import io
import os

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

os.makedirs("out", exist_ok=True)
scripted = torch.jit.load("data/scripted.pt")
weights = load_file("data/weights.safetensors")
with safe_open("data/weights.safetensors", framework="pt") as file:
    assert sorted(file.keys()) == ["bias", "weight"]
batch = torch.load("data/batch.pt", mmap=True)
raw = torch.from_file("data/raw.bin", size=4)
model = torch.nn.Linear(4, 2)
model.load_state_dict(weights)
print(f"{scripted(batch).sum().item():.4f} {model(batch).sum().item():.4f} {raw.sum().item()}")

torch.save(model.state_dict(), "out/model.pt")
torch.save(model.state_dict(), "out/legacy.pt", _use_new_zipfile_serialization=False)
with open("out/handle.pt", "wb") as file:
    torch.save(batch, file)
buffer = io.BytesIO()
torch.save(batch, buffer)
torch.jit.script(model).save("out/scripted.pt")
torch.jit.trace(model, batch).save("out/traced-method.pt")
torch.jit.save(torch.jit.trace(model, batch), "out/traced.pt")
save_file(weights, "out/model.safetensors", metadata={"format": "pt"})
program = torch.export.export(model, (batch,))
torch.export.save(program, "out/program.pt2")
