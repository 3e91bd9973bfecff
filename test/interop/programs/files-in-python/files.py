"""The ways in which programs write: in place, at the end, by a rename, by a map, by a descriptor."""
import gzip
import mmap
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

import numpy as np

os.makedirs("out", exist_ok=True)

with open("data/table.bin", "r+b") as file:
    file.seek(100)
    file.write(b"\xff" * 10)
with open("data/notes.log", "a") as file:
    file.write("used\n")
with open("data/replaced.txt") as file:
    old = file.read()
with tempfile.NamedTemporaryFile("w", dir="data", delete=False) as file:
    file.write(old.upper())
os.replace(file.name, "data/replaced.txt")

with tempfile.TemporaryDirectory() as scratch:
    part = Path(scratch, "part.txt")
    part.write_text("written elsewhere\n")
    shutil.move(part, "out/moved-in.txt")
os.rename("data/moved.txt", "out/moved.txt")
shutil.copy2("data/linked.txt", "out/copied.txt")

cells = np.memmap("out/cells.dat", dtype="float32", mode="w+", shape=(20, 4))
for number, path in enumerate(sorted(Path("data/cells").iterdir())):
    cells[number] = len(path.read_bytes())
cells.flush()
np.savez_compressed("out/cells.npz", cells=np.asarray(cells))
with open("out/cells.dat", "r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
    mapped[0:4] = b"\0\0\0\0"
with zipfile.ZipFile("out/cells.zip", "w") as archive:
    archive.writestr(zipfile.ZipInfo("a.txt"), "inside")
with gzip.GzipFile("out/cells.gz", "wb", mtime=0) as file:
    file.write(b"cells")
descriptor = os.open("out/descriptor.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
os.write(descriptor, b"by its number\n")
os.close(descriptor)
os.makedirs("out/staging")
Path("out/staging/final.txt").write_text("final\n")
os.rename("out/staging", "out/release")
Path("out/scratch.txt").write_text("gone\n")
os.remove("out/scratch.txt")
os.link("out/descriptor.txt", "out/hard.txt")
print("done")
