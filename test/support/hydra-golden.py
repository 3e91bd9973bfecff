"""What the real Hydra composes of the small apps in test/unit/fixtures/hydra.

    pip install hydra-core==1.3.8 omegaconf==2.3.1
    python3 test/support/hydra-golden.py             writes golden.json beside the inputs
"""
import json
import os
import tempfile

from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'unit', 'fixtures', 'hydra')

with open(os.path.join(FOLDER, 'apps.json'), encoding='utf-8') as file:
    apps = json.load(file)

golden = {}
for name, app in apps.items():
    with tempfile.TemporaryDirectory() as folder:
        for path, text in app['files'].items():
            full = os.path.join(folder, path + '.yaml')
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, 'w', encoding='utf-8') as file:
                file.write(text)
        golden[name] = []
        for overrides in app['overrides']:
            with initialize_config_dir(folder, version_base='1.3'):
                config = compose('config', overrides=overrides)
            golden[name].append(OmegaConf.to_container(config, resolve=True))

text = json.dumps(golden, indent=1, sort_keys=True)
# JSON has no names for these; the record writes them as texts.
text = text.replace('-Infinity', '"-Infinity"').replace('NaN', '"NaN"')
with open(os.path.join(FOLDER, 'golden.json'), 'w', encoding='utf-8') as file:
    file.write(text + '\n')
