import os
import sqlite3

os.makedirs("data/days", exist_ok=True)
for day in range(1, 6):
    with open(f"data/days/2026-01-{day:02}.csv", "w") as file:
        file.write("site,value\n")
        for row in range(50):
            file.write(f"{'abc'[row % 3]},{row * day}\n")
with open("data/sites.json", "w") as file:
    file.write('[{"site": "a", "name": "Alpha"}, {"site": "b", "name": "Beta"}, {"site": "c", "name": "Gamma"}]')
base = sqlite3.connect("data/limits.db")
base.execute("create table limits (site text, most real)")
base.executemany("insert into limits values (?, ?)", [("a", 100.0), ("b", 50.0), ("c", 20.0)])
base.commit()
base.close()
