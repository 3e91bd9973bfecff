import os

os.makedirs("data/images", exist_ok=True)
for number in range(1200):
    with open(f"data/images/{number:05}.txt", "w") as file:
        file.write(f"{number}\n")
