import csv
import json
import logging
import random
from pathlib import Path

import hydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

log = logging.getLogger(__name__)


@hydra.main(version_base=None, config_path="conf", config_name="config")
def main(cfg: DictConfig) -> float:
    random.seed(cfg.seed)
    with open(hydra.utils.to_absolute_path(cfg.data.path)) as file:
        rows = list(csv.DictReader(file))
    out = Path(HydraConfig.get().runtime.output_dir)
    loss = sum(float(row["y"]) for row in rows) * cfg.training.optimizer.lr * cfg.model.width
    (out / "metrics.json").write_text(json.dumps({"loss": loss}))
    # What it holds, without the value that is missing.
    held = OmegaConf.masked_copy(cfg, [key for key in cfg if key != "never"])
    (out / "held.json").write_text(json.dumps(OmegaConf.to_container(held, resolve=True)))
    log.info("loss %.3f with %s", loss, cfg.training.name)
    return loss


if __name__ == "__main__":
    main()
