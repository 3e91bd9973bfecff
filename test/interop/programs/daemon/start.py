"""Leaves a process behind that writes after it has ended itself."""
import os
import sys
import time

os.makedirs("out", exist_ok=True)
with open("out/early.txt", "w") as file:
    file.write("early\n")
sys.stdout.flush()
if os.fork() == 0:
    os.setsid()
    if os.fork() > 0:
        os._exit(0)
    for descriptor in range(3):
        os.close(descriptor)
    os.open(os.devnull, os.O_RDWR)
    os.dup(0)
    os.dup(0)
    time.sleep(1.5)
    with open("out/late.txt", "w") as file:
        file.write("late\n")
    os.makedirs("elsewhere", exist_ok=True)
    with open("elsewhere/later.txt", "w") as file:
        file.write("later\n")
    os._exit(0)
os.wait()
print("started")
