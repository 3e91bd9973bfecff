import csv
import glob
import os
import sys

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Shards(Dataset):
    """Opened in the worker that reads them, as large data is."""

    def __init__(self, folder):
        self.paths = sorted(glob.glob(os.path.join(folder, "x-*.npy")))

    def __len__(self):
        return 64 * len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index // 64]
        x = np.load(path, mmap_mode="r")
        y = np.load(path.replace("x-", "y-"))
        return torch.from_numpy(x[index % 64].copy()), int(y[index % 64])


def main():
    epochs = int(sys.argv[1])
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    start = 0
    os.makedirs("out/checkpoints", exist_ok=True)
    if os.path.exists("out/checkpoints/last.pt"):
        state = torch.load("out/checkpoints/last.pt")
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        start = state["epoch"] + 1
        print(f"resumed at epoch {start}")
    else:
        model.load_state_dict(torch.load("data/pretrained.pt"), strict=False)
    loader = DataLoader(Shards("data/shards"), batch_size=32, num_workers=2)
    with open("out/history.csv", "a", newline="") as file:
        writer = csv.writer(file)
        for epoch in range(start, epochs):
            total = 0.0
            for x, y in loader:
                loss = nn.functional.cross_entropy(model(x), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.item()
            print(f"epoch {epoch} loss {total / len(loader):.4f}")
            writer.writerow([epoch, total / len(loader)])
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}
            torch.save(state, "out/checkpoints/last.pt.tmp")
            os.replace("out/checkpoints/last.pt.tmp", "out/checkpoints/last.pt")
            torch.save(model.state_dict(), f"out/checkpoints/epoch-{epoch}.pt")


if __name__ == "__main__":
    main()
