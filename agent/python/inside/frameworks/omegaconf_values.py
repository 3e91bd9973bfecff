"""A config of OmegaConf as the program sees it, with interpolations resolved, leaf by leaf: one that
cannot be resolved does not hide the others."""

import re
import sys

from .config_report import join_key
from .untouched import untouched
from .values import TooMuch, key_text, plain

BUILT_IN = ('hydra', 'now', 'python_version', 'env')
_NAMES = re.compile(r'\$\{\s*([A-Za-z_][\w.]*)\s*:')
MAX_DEPTH = 40


class Seen:
    """What was found in a config: values, raw texts of interpolations by key path, what is unresolved."""

    def __init__(self):
        self.values = {}
        self.raw = {}
        self.unresolved = []
        # What the program draws itself when it first asks: told as soon as it has.
        self.drawn = {}
        self.count = 0


def see(config):
    """Never changes what the program will see in `config`; raises where it is no config at all."""
    found = Seen()
    texts = []
    _collect(config, texts, 0)
    own = own_resolvers(texts)
    cache = config._get_root()._metadata.resolver_cache
    with untouched(bool(own)) as state:
        walk = Walk(found, state, cache, set(name for name in own if has_effects(name)))
        found.values = walk.see(config, ())
    return found


def see_drawn(config, found):
    """Looks once more at what the program has drawn by now; True where there is something new."""
    root = config._get_root()
    news = False
    for place, names in list(found.drawn.items()):
        if not all(root._metadata.resolver_cache.get(name) for name in names):
            continue
        with untouched(True):
            node = config
            for part in place[:-1]:
                node = node._get_node(int(part) if isinstance(node._content, list) else part)
            last = place[-1]
            node = node._get_node(int(last) if isinstance(node._content, list) else last)
            value = plain(node._dereference_node()._value())
        target = found.values
        for part in place[:-1]:
            target = target[int(part) if isinstance(target, list) else part]
        target[int(last) if isinstance(target, list) else last] = value
        key = join_key(*place)
        found.unresolved = [told for told in found.unresolved if told['key'] != key]
        del found.drawn[place]
        news = True
    return news


def own_resolvers(texts):
    names = set(name for text in texts for name in _NAMES.findall(text))
    return [name for name in names if name not in BUILT_IN and not name.startswith('oc.')]


def _copied(cache):
    return {name: dict(values) for name, values in cache.items()}


def _refill(cache, before):
    cache.clear()
    for name, values in before.items():
        cache[name].update(values)


def _collect(node, texts, depth):
    if depth > MAX_DEPTH or len(texts) > 100000:
        raise TooMuch
    content = node.__dict__.get('_content')
    if isinstance(content, str):
        texts.append(content)
    members = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    for member in members:
        if hasattr(member, '_get_root'):
            _collect_member(member, texts, depth + 1)


def _collect_member(member, texts, depth):
    if '_content' in member.__dict__:
        _collect(member, texts, depth)
    else:
        value = member.__dict__.get('_val')
        if isinstance(value, str) and '${' in value:
            texts.append(value)


class Walk:
    def __init__(self, found, state, cache, avoided):
        self.found, self.state, self.cache, self.avoided = found, state, cache, avoided

    def see(self, node, place):
        found = self.found
        found.count += 1
        if len(place) > MAX_DEPTH or found.count > 50000:
            raise TooMuch
        if node is None:
            return None
        if node._is_interpolation():
            return self.resolve(node, place)
        if node._is_missing():
            found.unresolved.append(_told(place, 'missing-value'))
            return '???'
        content = node.__dict__.get('_content')
        if isinstance(content, dict):
            return {key_text(key): self.see(member, place + (key_text(key),)) for key, member in content.items()}
        if isinstance(content, list):
            return [self.see(member, place + (str(i),)) for i, member in enumerate(content)]
        return plain(node._value())

    def resolve(self, node, place):
        raw = node._value()
        self.found.raw.setdefault(place, raw)
        own = own_resolvers([raw])
        if self.avoided.intersection(own):
            return self.leave(place, raw, own, 'its resolver may have effects, so it was not asked')
        before = _copied(self.cache) if own else None
        try:
            resolved = node._dereference_node()
        except Exception as error:
            self.found.unresolved.append(_told(place, _reason(raw, error), str(error).split('\n')[0]))
            return raw
        if own and self.state.put_back():
            # Drawn from a generator that the program may seed first: it shall draw it itself.
            _refill(self.cache, before)
            return self.leave(place, raw, own, 'the program draws it when it asks first')
        if resolved is None or resolved is node:
            return raw
        return self.see(resolved, place)

    def leave(self, place, raw, own, why):
        self.found.drawn[place] = own
        self.found.unresolved.append(_told(place, 'interpolation', why))
        return raw


def _reason(raw, error):
    return 'environment' if 'oc.env' in raw and 'nvironment' in str(error) else 'interpolation'


def _told(place, reason, message=None):
    told = {'key': join_key(*place), 'reason': reason}
    if message:
        told['message'] = message[:500]
    return told


_EFFECTS = frozenset(
    'next append extend insert pop popleft update setdefault add discard remove clear write writelines open mkdir '
    'makedirs touch unlink rename system popen Popen run check_output input exit download urlopen get_or_create'.split()
)


def has_effects(name):
    """Whether a resolver of the user's may do more than answer: counters, files, processes. Asking such
    a one would be noticed, so it is not asked."""
    omegaconf = sys.modules.get('omegaconf.basecontainer')
    function = getattr(getattr(omegaconf, 'BaseContainer', None), '_resolvers', {}).get(name)
    for cell in getattr(function, '__closure__', None) or ():
        try:
            inner = cell.cell_contents
        except ValueError:
            continue
        code = getattr(inner, '__code__', None)
        if code is not None and _code_has_effects(code):
            return True
    return False


def _code_has_effects(code):
    if _EFFECTS.intersection(code.co_names):
        return True
    opcode = sys.modules.get('opcode')
    if opcode is not None:
        storing = [opcode.opmap.get(op) for op in ('STORE_GLOBAL', 'STORE_ATTR', 'STORE_SUBSCR')]
        if any(op in storing for op in code.co_code[::2]):
            return True
    return any(_code_has_effects(const) for const in code.co_consts if isinstance(const, type(code)))
