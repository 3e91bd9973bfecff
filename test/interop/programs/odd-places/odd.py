"""Names that are no plain text, a folder that changes, and descriptors that are closed under us."""
import os

os.makedirs(b"out/dir\nline", exist_ok=True)
for name in sorted(os.listdir(b"data")):
    if not name.endswith(b".txt"):
        continue
    with open(b"data/" + name, "rb") as file:
        content = file.read()
    with open(b"out/dir\nline/" + name, "wb") as file:
        file.write(content[::-1])
os.chdir("data/sub")
with open("inner.txt") as file, open("../../out/from-below.txt", "w") as out:
    out.write(file.read())
os.closerange(3, 4096)
# The lowest number that is free is what a recorder may have had.
handles = [open(f"../../out/handle-{number}.txt", "w") for number in range(30)]
for number, handle in enumerate(handles):
    handle.write(f"{number}\n")
    handle.close()
raise ValueError("the last line of a long day")
