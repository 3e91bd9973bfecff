import os
import random

random.seed(0)
os.makedirs("data", exist_ok=True)
with open("data/points.csv", "w") as file:
    file.write("x,y\n")
    for _ in range(60):
        x = random.random()
        file.write(f"{x},{3 * x + random.gauss(0, 0.1)}\n")
