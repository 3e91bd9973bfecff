import os
import sqlite3
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset as ds
import pyarrow.feather as feather
import pyarrow.parquet as pq

out = Path("out")
out.mkdir(exist_ok=True)
frames = [pd.read_csv(path).assign(day=path.stem) for path in sorted(Path("data/days").glob("*.csv"))]
table = pd.concat(frames).merge(pd.read_json("data/sites.json"), on="site")
with sqlite3.connect("data/limits.db") as base:
    table = table.merge(pd.read_sql("select * from limits", base), on="site")
kept = table[table["value"] <= table["most"]]
kept.to_parquet(out / "kept.parquet")
kept.to_csv(out / "kept.csv.gz", index=False, compression={"method": "gzip", "mtime": 1})
kept.to_pickle(out / "kept.pkl")
feather.write_feather(pa.Table.from_pandas(kept), str(out / "kept.feather"))
ds.write_dataset(
    pa.Table.from_pandas(kept), out / "by-site", format="parquet", partitioning=["site"]
)
direct = pa.csv.read_csv("data/days/2026-01-01.csv")
pq.write_table(direct, out / "direct.parquet")
again = pd.read_parquet(out / "by-site")
with sqlite3.connect(out / "summary.db") as base:
    kept.groupby("site")["value"].sum().to_sql("summary", base)
print(len(table), len(kept), len(again), os.path.getsize(out / "kept.parquet") > 0)
