import os

os.makedirs("out", exist_ok=True)
with open("data/table.csv") as table, open("out/model.txt", "w") as model:
    model.write(table.read()[::-1])
print("trained")
