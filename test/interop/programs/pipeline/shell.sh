#!/bin/sh
set -e
mkdir -p out
sort data/one.txt > out/sorted.txt
cp data/two.txt out/copied.txt
cat data/*.txt | wc -l > out/lines.txt
python count.py out/sorted.txt out/sorted.json
