import json
import os

import click


@click.group()
@click.option("--seed", default=4, show_default=True)
def cli(seed):
    pass


@cli.command()
@click.argument("source", type=click.Path(exists=True))
@click.option("--lr", default=0.1, type=float, envvar="TRAIN_LR")
@click.option("--tag", multiple=True)
@click.option("--fast/--slow", default=False)
def train(source, lr, tag, fast):
    os.makedirs("out", exist_ok=True)
    with open("out/held.json", "w") as file:
        seed = click.get_current_context().parent.params["seed"]
        json.dump({"seed": seed, "source": source, "lr": lr, "tag": list(tag), "fast": fast}, file)


if __name__ == "__main__":
    cli()
