import csv
import os
import random

random.seed(0)
os.makedirs("data", exist_ok=True)
with open("data/train.csv", "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow([f"x{i}" for i in range(8)] + ["label"])
    for _ in range(300):
        label = random.randrange(3)
        writer.writerow([round(random.gauss(label, 1.5), 4) for _ in range(8)] + [label])
