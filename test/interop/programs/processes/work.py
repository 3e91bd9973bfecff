"""Each kind of worker reads what it is given and writes what it made of it."""
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from joblib import Parallel, delayed


def handle(path):
    with open(path) as file:
        content = file.read()
    name = os.path.basename(path)
    with open(f"out/{name}", "w") as file:
        file.write(content.upper())
    return len(content)


def paths(kind):
    return [f"data/{kind}-{number}.txt" for number in range(3)]


def main():
    os.makedirs("out", exist_ok=True)
    total = 0
    for kind in ["fork", "spawn", "forkserver"]:
        with multiprocessing.get_context(kind).Pool(2) as pool:
            total += sum(pool.map(handle, paths(kind)))
    total += sum(Parallel(n_jobs=2)(delayed(handle)(path) for path in paths("loky")))
    with ThreadPoolExecutor(2) as pool:
        total += sum(pool.map(handle, paths("threads")))
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        total += sum(pool.map(handle, paths("pool")))
    print(total)


if __name__ == "__main__":
    main()
