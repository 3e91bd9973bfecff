"""What the real PyYAML makes of the inputs in test/unit/fixtures/pyyaml.

    python3 test/support/pyyaml-golden.py            writes golden.json beside the inputs
    python3 test/support/pyyaml-golden.py --print    prints the same to standard output

Values are written as the record writes them: dates as ISO text, bytes as base64, NaN and the
infinities by name, integers beyond 2^53 as digits. An input that is refused is {"error": true}.
"""
import base64
import datetime
import json
import math
import os
import sys

import yaml

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'unit', 'fixtures', 'pyyaml')


def record(value):
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) <= 2 ** 53 else str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return 'NaN'
        if math.isinf(value):
            return 'Infinity' if value > 0 else '-Infinity'
        return value
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key_text(key): record(item) for key, item in value.items()}
    if isinstance(value, set):
        return {key_text(key): None for key in sorted(value, key=str)}
    return [record(item) for item in value]


def key_text(key):
    if isinstance(key, str):
        return key
    if isinstance(key, (datetime.date, datetime.datetime)):
        return key.isoformat()
    if isinstance(key, (bool, int, float)) or key is None:
        # As json.dump writes the key.
        return next(iter(json.loads(json.dumps({key: 0}))))
    return str(key)


def load(text):
    try:
        return {'value': record(yaml.safe_load(text))}
    except Exception:
        return {'error': True}


def inputs(name):
    with open(os.path.join(FOLDER, name), encoding='utf-8') as file:
        return json.load(file)


golden = {
    'scalars': {text: load('- ' + text) for text in inputs('scalars.json')},
    'documents': {name: load(text) for name, text in inputs('documents.json').items()},
}
output = json.dumps(golden, indent=1, ensure_ascii=True, sort_keys=True) + '\n'
if '--print' in sys.argv:
    sys.stdout.write(output)
else:
    with open(os.path.join(FOLDER, 'golden.json'), 'w', encoding='utf-8') as file:
        file.write(output)
