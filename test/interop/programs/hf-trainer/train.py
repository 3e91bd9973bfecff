import json
import os
import sys
from dataclasses import dataclass, field

import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertTokenizer,
    HfArgumentParser,
    Trainer,
    TrainingArguments,
)


@dataclass
class ModelArguments:
    hidden_size: int = field(default=32)
    layers: int = field(default=1)


@dataclass
class DataArguments:
    train_file: str = field(default="")
    max_length: int = field(default=16)


class Lines(torch.utils.data.Dataset):
    def __init__(self, path, tokenizer, max_length):
        with open(path) as file:
            self.rows = [json.loads(line) for line in file]
        self.tokenizer, self.max_length = tokenizer, max_length

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        row = self.rows[index]
        coded = self.tokenizer(row["text"], padding="max_length", max_length=self.max_length, truncation=True)
        return {**{key: torch.tensor(value) for key, value in coded.items()}, "labels": row["label"]}


def main():
    parser = HfArgumentParser((ModelArguments, DataArguments, TrainingArguments))
    model_args, data_args, training = parser.parse_json_file(json_file=os.path.abspath(sys.argv[1]))
    tokenizer = BertTokenizer("data/vocab.txt")
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=model_args.hidden_size,
        num_hidden_layers=model_args.layers,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    torch.manual_seed(training.seed)
    trainer = Trainer(
        model=BertForSequenceClassification(config),
        args=training,
        train_dataset=Lines(data_args.train_file, tokenizer, data_args.max_length),
    )
    trainer.train()
    trainer.save_model()
    trainer.save_state()
    tokenizer.save_pretrained(training.output_dir)
    again = BertForSequenceClassification.from_pretrained(training.output_dir)
    print(sum(p.numel() for p in again.parameters()))


if __name__ == "__main__":
    main()
