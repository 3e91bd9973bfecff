import os

os.makedirs("data", exist_ok=True)
for name in ["one", "two", "three"]:
    with open(f"data/{name}.txt", "w") as file:
        file.write("".join(f"{name} {number}\n" for number in range(30, 0, -1)))
