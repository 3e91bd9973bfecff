"""What the real Hydra composes of the apps in test/unit/fixtures/hydra: of the small ones that are
written by hand, and of random ones.

    pip install hydra-core==1.3.8 omegaconf==2.3.1
    python3 test/support/hydra-golden.py                 writes golden.json beside the inputs
    python3 test/support/hydra-golden.py random 7 200    writes random.json: 200 cases of seed 7
    python3 test/support/hydra-golden.py words 7 600     writes words.json: words and interpolations

A result is `{"config": ...}`, with the interpolations in it resolved; `{"unresolved": ...}` where one
of them has no value; `{"refused": "why"}` where Hydra composes nothing.
"""
import json
import math
import os
import sys
import tempfile
import warnings

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import OmegaConf

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'unit', 'fixtures', 'hydra')
VARIABLES = {'RR_SET': 'here', 'RR_NUM': '12', 'RR_OPT': 'x'}


def readable(value):
    """JSON has no names for some numbers; the record writes them as texts."""
    if OmegaConf.is_config(value):
        # What a resolver gave inside a list.
        value = OmegaConf.to_container(value, resolve=True)
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: 'Infinity', -math.inf: '-Infinity'}.get(value, 'NaN')
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [readable(item) for item in value]
    return value


def run(files, overrides, base):
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            full = os.path.join(folder, path + '.yaml')
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, 'w', encoding='utf-8') as file:
                file.write(text)
        GlobalHydra.instance().clear()
        try:
            with initialize_config_dir(os.path.realpath(folder), version_base=base):
                config = compose('config', overrides=overrides)
            raw = OmegaConf.to_container(config, resolve=False)
        except RecursionError:
            return {'refused': 'RecursionError'}
        except Exception as error:
            return {'refused': type(error).__name__ + ': ' + str(error).split('\n')[0].replace(folder, '')}
        try:
            return {'config': readable(OmegaConf.to_container(config, resolve=True))}
        except Exception:
            return {'unresolved': readable(raw)}


def write(name, value):
    with open(os.path.join(FOLDER, name), 'w', encoding='utf-8') as file:
        file.write(value + '\n')


def main():
    warnings.simplefilter('ignore')
    os.environ.update(VARIABLES)
    os.environ.pop('RR_UNSET', None)
    if sys.argv[1:2] == ['random']:
        import hydra_random

        cases = hydra_random.make(int(sys.argv[2]), int(sys.argv[3]), run)
        write('random.json', '[\n' + ',\n'.join(json.dumps(case) for case in cases) + '\n]')
        return
    if sys.argv[1:2] == ['words']:
        import hydra_words

        seed, count = int(sys.argv[2]), int(sys.argv[3])
        rows = {
            'words': hydra_words.make_words(seed, count),
            'interpolations': readable(hydra_words.make_interpolations(seed, count)),
        }
        lines = (f'"{name}": [\n' + ',\n'.join(map(json.dumps, row)) + '\n]' for name, row in rows.items())
        write('words.json', '{' + ',\n'.join(lines) + '}')
        return
    with open(os.path.join(FOLDER, 'apps.json'), encoding='utf-8') as file:
        apps = json.load(file)
    golden = {
        name: [run(app['files'], overrides, app.get('base', '1.3')) for overrides in app['overrides']]
        for name, app in apps.items()
    }
    write('golden.json', json.dumps(golden, indent=1))


if __name__ == '__main__':
    main()
