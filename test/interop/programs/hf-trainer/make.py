import json
import os

os.makedirs("data", exist_ok=True)
words = "the cell divides and the cell grows in a warm dish while we count".split()
with open("data/vocab.txt", "w") as file:
    file.write("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(words))]) + "\n")
with open("data/train.jsonl", "w") as file:
    for number in range(24):
        text = " ".join(words[(number + i) % len(words)] for i in range(8))
        file.write(json.dumps({"text": text, "label": number % 2}) + "\n")
with open("data/args.json", "w") as file:
    json.dump({"output_dir": "out", "num_train_epochs": 2, "per_device_train_batch_size": 8, "logging_steps": 1, "save_strategy": "epoch", "report_to": [], "disable_tqdm": True, "seed": 5, "use_cpu": True, "train_file": "data/train.jsonl", "hidden_size": 16}, file)
