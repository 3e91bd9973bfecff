"""Says more about a run than can be seen from outside.

    import runrecord

    runrecord.log({"loss": 0.3, "acc": 0.9}, step=10)
    runrecord.config({"depth": 3})
    data = open(runrecord.use("data/train.csv", name="train"))
    runrecord.output("/scratch/model.bin", role="checkpoint")
    runrecord.note("the loss jumped, learning rate halved")
    runrecord.custom("lab.gpu_hours", 1.5, unit="h")

Nothing here raises, prints or returns anything but what it was given; outside of a recorded run
nothing is done at all. Within one it can be imported without being installed. What it writes are
lines of JSON in the file that `RUNRECORD_EVENTS` names, which any language can append.
"""
import os
import sys
import time
from typing import Any, Mapping, Optional, TypeVar, Union, overload

__all__ = ["active", "config", "custom", "log", "note", "output", "run_id", "seed", "use"]

_SAFE_INTEGER = 2**53
_MAX_DEPTH = 40
_Path = TypeVar("_Path", bound=Union[str, "os.PathLike[str]"])


def active() -> bool:
    """Whether this program is being recorded."""
    return bool(os.environ.get("RUNRECORD_EVENTS"))


def run_id() -> Optional[str]:
    """The id of the run that records this program."""
    return os.environ.get("RUNRECORD_RUN_ID") or None


@overload
def log(metrics: Mapping[str, Any], *, step: Optional[float] = ..., epoch: Optional[float] = ...) -> None: ...
@overload
def log(
    metrics: str,
    value: Any,
    *,
    step: Optional[float] = ...,
    epoch: Optional[float] = ...,
    unit: Optional[str] = ...,
) -> None: ...
def log(metrics, value=None, *, step=None, epoch=None, unit=None):  # type: ignore[no-untyped-def]
    """One metric, or several of one step; anything that `float` takes is a value. Members of a
    mapping within a mapping are named `outer/inner`."""
    try:
        members = metrics if isinstance(metrics, Mapping) else {metrics: value}
        lines = []
        for name, number in _flat(members, ""):
            line = {"type": "metric", "name": name, "value": number}
            for key, more in (("step", step), ("epoch", epoch)):
                if more is not None:
                    line[key] = _number(more)
            if unit is not None:
                line["unit"] = str(unit)
            lines.append(line)
        _write(lines)
    except Exception:
        pass


def config(values: Any) -> None:
    """What the program is configured with: a mapping, a dataclass, a namespace, or a config of
    OmegaConf, pydantic or attrs. It stands over what was read at launch, key by key."""
    try:
        tree = _plain(values, 0)
        if isinstance(tree, dict):
            _write([{"type": "config", "values": tree}])
    except Exception:
        pass


def use(
    source: _Path, *, name: Optional[str] = None, version: Optional[str] = None, digest: Optional[str] = None
) -> _Path:
    """An input: a path, or a URI of what is read from elsewhere. Returns `source`."""
    try:
        text = os.fspath(source)
        line = {"type": "input", ("uri" if _is_uri(text) else "path"): text if _is_uri(text) else os.path.abspath(text)}
        for key, more in (("name", name), ("version", version), ("digest", digest)):
            if more is not None:
                line[key] = str(more)
        _write([line])
    except Exception:
        pass
    return source


def output(path: _Path, *, role: str = "output") -> _Path:
    """An output that lies outside of the watched folders, or has a role of its own. Returns `path`."""
    try:
        _write([{"type": "output", "path": os.path.abspath(os.fspath(path)), "role": str(role)}])
    except Exception:
        pass
    return path


def seed(library: str, value: int) -> None:
    """A seed that was drawn or set, of a library that is not seen by itself."""
    try:
        _write([{"type": "seed", "library": str(library), "value": _number(value)}])
    except Exception:
        pass


def note(text: str) -> None:
    """A remark, with its time."""
    try:
        _write([{"type": "note", "text": str(text)}])
    except Exception:
        pass


def custom(key: str, value: Any, *, unit: Optional[str] = None) -> None:
    """A value of your own, named `namespace.key`."""
    try:
        line = {"type": "custom", "key": str(key), "value": _plain(value, 0)}
        if unit is not None:
            line["unit"] = str(unit)
        _write([line])
    except Exception:
        pass


def _write(lines: Any) -> None:
    path = os.environ.get("RUNRECORD_EVENTS")
    if not path or not lines:
        return
    import json

    at = _time()
    inside = sys.modules.get("_runrecord.report")
    job = None if inside is None else inside.current_job()
    if job is not None:
        own = _events_of_job(job)
        path, lines = own or path, lines if own else [line for line in lines if not _tell_inside(inside, line)]
    text = "".join(json.dumps(dict(line, at=at), separators=(",", ":"), allow_nan=False) + "\n" for line in lines)
    # No descriptor is kept: a program may close those that it does not know, and use their numbers.
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        rest = text.encode("ascii")
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    finally:
        os.close(descriptor)


def _events_of_job(job: int) -> Optional[str]:
    """What a job of a multirun says is its own: its record has a file beside that of the run."""
    folder = os.environ.get("RUNRECORD_DIR") or ""
    try:
        with open(os.path.join(folder, "observed", "job-%d.ready" % job)) as file:
            own = os.path.join(os.path.dirname(folder), file.read().strip())
    except OSError:
        return None
    return os.path.join(own, "events.jsonl") if own != folder and os.path.isdir(own) else None


def _tell_inside(inside: Any, line: Any) -> bool:
    """Where nobody has made the job's record yet, who does it later finds what it said among the
    lines that bear its number."""
    kind = line["type"]
    if kind == "metric":
        point = [line["name"], line["value"], line.get("step"), line.get("epoch"), time.time()]
        inside.report({"t": "metrics", "source": "events", "points": [point]})
    elif kind == "config":
        told = {"system": "runrecord", "values": line["values"], "origins": {}, "unresolved": []}
        inside.report(dict(told, t="config"))
    elif kind == "seed":
        inside.report({"t": "seed", "library": line["library"], "value": line["value"]})
    else:
        return False
    return True


def _time() -> str:
    now = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + ".%03dZ" % int(now % 1 * 1000)


def _is_uri(text: str) -> bool:
    scheme, sign, _ = text.partition("://")
    return bool(sign) and len(scheme) > 1 and scheme.replace("+", "").replace("-", "").isalnum()


def _flat(members: Any, place: str) -> Any:
    for name, value in members.items():
        key = place + "/" + str(name) if place else str(name)
        if isinstance(value, Mapping):
            yield from _flat(value, key)
        else:
            number = _number(value)
            if number is not None:
                yield key, number


def _number(value: Any) -> Any:
    """As the record has it; None for what is no number."""
    if isinstance(value, int):
        return int(value) if -_SAFE_INTEGER <= value <= _SAFE_INTEGER else str(int(value))
    try:
        real = float(value)
    except Exception:
        return None
    if real != real:
        return "NaN"
    if real in (float("inf"), float("-inf")):
        return "Infinity" if real > 0 else "-Infinity"
    return real


def _plain(value: Any, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        return None
    if value is None or isinstance(value, bool):
        return value
    enum = sys.modules.get("enum")
    if enum is not None and isinstance(value, enum.Enum):
        return _plain(value.value, depth) if isinstance(value, (str, int)) else value.name
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (int, float)):
        return _number(value)
    members = _members(value)
    if members is not None:
        return {str(key): _plain(item, depth + 1) for key, item in members.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(item, depth + 1) for item in value), key=repr)
    if hasattr(type(value), "item") and getattr(value, "ndim", 1) == 0:
        return _plain(value.item(), depth + 1)
    if hasattr(type(value), "tolist") and getattr(value, "size", 0) <= 1000:
        return _plain(value.tolist(), depth + 1)
    if isinstance(value, type) or callable(value) and hasattr(value, "__qualname__"):
        return "%s.%s" % (value.__module__, value.__qualname__)
    return str(value)


def _members(value: Any) -> Any:
    kind = type(value)
    omegaconf = sys.modules.get("omegaconf")
    if omegaconf is not None and omegaconf.OmegaConf.is_dict(value):
        return omegaconf.OmegaConf.to_container(value, resolve=True)
    if hasattr(kind, "__dataclass_fields__") and not isinstance(value, type):
        return {name: getattr(value, name) for name in kind.__dataclass_fields__ if hasattr(value, name)}
    if hasattr(kind, "__attrs_attrs__"):
        return {field.name: getattr(value, field.name) for field in kind.__attrs_attrs__}
    if hasattr(kind, "model_fields"):
        return {name: getattr(value, name) for name in kind.model_fields}
    if isinstance(value, Mapping):
        return value
    if kind.__name__ in ("Namespace", "SimpleNamespace"):
        return vars(value)
    return None
