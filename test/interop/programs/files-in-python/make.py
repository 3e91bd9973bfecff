import os

os.makedirs("data/cells", exist_ok=True)
for number in range(20):
    with open(f"data/cells/{number}.txt", "w") as file:
        file.write(f"cell {number}\n" * (number + 1))
with open("data/table.bin", "wb") as file:
    file.write(bytes(range(256)) * 16)
with open("data/notes.log", "w") as file:
    file.write("made\n")
with open("data/replaced.txt", "w") as file:
    file.write("old\n")
with open("data/moved.txt", "w") as file:
    file.write("to be moved\n")
with open("data/unread.txt", "w") as file:
    file.write("nobody opens this\n")
with open(os.path.join(os.environ["ELSEWHERE"], "shared.txt"), "w") as file:
    file.write("data of the whole lab\n")
os.symlink(os.path.join(os.environ["ELSEWHERE"], "shared.txt"), "data/linked.txt")
