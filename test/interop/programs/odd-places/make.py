import os

os.makedirs("data/sub", exist_ok=True)
names = [b"data/two\nlines.txt", b"data/caf\xe9.txt", b"data/\xc3\xa9t\xc3\xa9.txt", b"data/ a 'b\" $c;.txt", b"data/back\\slash.txt"]
for name in names:
    with open(name, "wb") as file:
        file.write(name + b"\n")
with open("data/sub/inner.txt", "w") as file:
    file.write("inner\n")
