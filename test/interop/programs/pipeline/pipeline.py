"""A small pipeline of its own scripts."""
import os
import subprocess
import sys

os.makedirs("out", exist_ok=True)
subprocess.run([sys.executable, "count.py", "data/one.txt", "out/one.json"], check=True)
with open("out/piped.txt", "w") as out:
    producer = subprocess.Popen([sys.executable, "emit.py", "data/two.txt"], stdout=subprocess.PIPE)
    consumer = subprocess.Popen([sys.executable, "upper.py"], stdin=producer.stdout, stdout=out)
    producer.stdout.close()
    assert consumer.wait() == 0 and producer.wait() == 0
subprocess.run(f"{sys.executable} emit.py data/three.txt | {sys.executable} upper.py > out/shell.txt", shell=True, check=True)
os.system(f"{sys.executable} count.py data/two.txt out/two.json")
environment = {**os.environ, "STAGE": "last"}
subprocess.run([sys.executable, "count.py", "out/piped.txt", "out/again.json"], check=True, env=environment)
print(sorted(os.listdir("out")))
