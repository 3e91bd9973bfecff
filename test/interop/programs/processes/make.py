import os

os.makedirs("data", exist_ok=True)
for name in ["fork", "spawn", "forkserver", "loky", "threads", "pool"]:
    for number in range(3):
        with open(f"data/{name}-{number}.txt", "w") as file:
            file.write(f"{name} {number}\n" * 10)
