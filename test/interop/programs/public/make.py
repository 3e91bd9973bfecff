import os

os.makedirs("data", exist_ok=True)
with open("data/table.csv", "w") as file:
    file.write("a,b\n1,2\n")
with open("data/params.json", "w") as file:
    file.write('{"lr": 0.1, "layers": [4, 2]}')
