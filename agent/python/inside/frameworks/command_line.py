"""Where on the command line, in which file and on which line a value was given."""

import os
import sys

CONFIG_ENDINGS = ('.yaml', '.yml', '.json', '.toml', '.ini', '.cfg', '.conf', '.env')
MAX_FILE_BYTES = 4 * 1024 * 1024


def override(text, **more):
    return dict({'kind': 'override', 'text': text[:2000]}, **more)


def in_file(path, line=None):
    place = {'kind': 'file', 'path': os.path.abspath(path)}
    if line:
        place['line'] = line
    return place


def in_code(place):
    """`place` is (file, line) or None."""
    if place is None or place[0].startswith('<'):
        return {'kind': 'default'}
    return {'kind': 'default', 'path': place[0], 'line': place[1]}


def option_text(options, values, words):
    """An option as it was typed (`--lr 0.1`, `--lr=0.1`, `-l0.1`, `--learn 0.1`), or None."""
    for at, word in enumerate(words):
        head, sign, _ = word.partition('=')
        if sign and head in options:
            return word
        exact = word in options
        if not exact and not _abbreviates(head, options, word):
            continue
        if sign or not exact and not head.startswith('--'):
            return word
        following = words[at + 1:at + 1 + len(values)]
        if following == list(values):
            return ' '.join([word] + following)
    return None


def _abbreviates(head, options, word):
    for option in options:
        if option.startswith('--') and head.startswith('--') and len(head) > 2 and option.startswith(head):
            return True
        if len(option) == 2 and option[0] == '-' != option[1] and word.startswith(option) and word[1] != '-':
            return True
    return False


def came_from_command_line(args):
    """Whether a list of words is what stands on the command line, or its end."""
    if args is None:
        return True
    words = list(args)
    return words == sys.argv[len(sys.argv) - len(words):] if words else len(sys.argv) <= 1


def config_files(*texts):
    """Files with the ending of a configuration among words, `--config=x.yaml` included; absolute."""
    found = []
    for text in texts:
        if not isinstance(text, str) or len(text) > 4096:
            continue
        path = text.partition('=')[2] if text.startswith('-') and '=' in text else text
        if path.lower().endswith(CONFIG_ENDINGS) and os.path.isfile(path):
            full = os.path.abspath(path)
            if full not in found:
                found.append(full)
    return found
