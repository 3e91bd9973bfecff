import glob
import os

total = 0
for path in glob.iglob("data/images/*.txt"):
    with open(path) as file:
        total += int(file.read())
os.makedirs("out/parts", exist_ok=True)
for part in range(200):
    with open(f"out/parts/{part}.txt", "w") as file:
        file.write(str(total // (part + 1)))
print(total)
