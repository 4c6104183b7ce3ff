"""How one model differs from another, in words: the first difference of an aspect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from common.cases.case import Value
from common.models.describe import ARROW, FLAT, STRAIGHT

OPERATION = {"Add": "sum", "Concatenate": "concatenation", "Multiply": "product"}
WORDS = {
    "kernel_size": "a kernel of",
    "pool_size": "a window of",
    "strides": "strides",
    "padding": "padding",
    "dilation_rate": "dilation",
    "rate": "rate",
}
MAX = 160  # characters of a stranger's text in one sentence


def explain(expected: Value, got: Value) -> str:
    """One sentence on the first difference of an aspect, or "" where the values are no aspect."""
    if not isinstance(expected, dict) or not isinstance(got, dict) or not expected:
        return ""
    aspect = next(iter(expected))
    right, mine = expected[aspect], got.get(aspect)
    if aspect == "total":
        return f"your model has {_number(mine)} parameters, expected {_number(right)}."
    if aspect not in SENTENCES or not isinstance(right, list) or not isinstance(mine, list):
        return ""
    names = got.get("names")
    labels = [_text(each) for each in names] if isinstance(names, list) else []
    place = next((i for i, (a, b) in enumerate(zip(right, mine, strict=False)) if a != b), min(len(right), len(mine)))
    return SENTENCES[aspect](right, mine, place, labels)


def _layers(right: Sequence[Value], mine: Sequence[Value], place: int, labels: Sequence[str]) -> str:
    if place == len(mine):
        missing = f"layer {place + 1} of {len(right)} is missing: {right[place]}"
        return f"your model ends after {_count(len(mine), 'layer')}; {missing}."
    if place == len(right):
        return f"your model goes on after layer {len(right)}, which should be the last: {_text(mine[place])} follows."
    return f"layer {place + 1} of {len(right)}: got {_text(mine[place])}, expected {right[place]}."


def _activations(right: Sequence[Value], mine: Sequence[Value], place: int, labels: Sequence[str]) -> str:
    if place < min(len(right), len(mine)):
        kind, behind = right[place]
        if isinstance(mine[place], tuple) and len(mine[place]) == 2:
            other, after = mine[place]
            where = f"behind {behind}" if behind == after else f"behind {_text(after)}, expected behind {behind}"
            if kind == other:
                return f"activation {place + 1} of {len(right)}: {_text(other)} stands {where}."
            got = f"got {_text(other)} behind {_text(after)}"
            return f"activation {place + 1} of {len(right)}: {got}, expected {kind} behind {behind}."
    return f"your model has {_count(len(mine), 'activation')}, expected {len(right)}."


def _settings(right: Sequence[Value], mine: Sequence[Value], place: int, labels: Sequence[str]) -> str:
    if place >= min(len(right), len(mine)) or not isinstance(mine[place], dict):
        return _layers([each["layer"] for each in right], [_kind(each) for each in mine], place, labels)
    want, have = right[place], mine[place]
    if want["layer"] != have.get("layer"):
        return _layers([each["layer"] for each in right], [_kind(each) for each in mine], place, labels)
    wrong = [name for name in want if want[name] != have.get(name)]
    if not wrong:
        return ""
    name = wrong[0]
    label = _label(labels, place, want["layer"])
    if name in ("filters", "units"):
        return f"{label} has {_number(have.get(name))} {name}, expected {_number(want[name])}."
    words = WORDS.get(name, name)
    return f"{label} has {words} {_size(have.get(name))}, expected {_size(want[name])}."


def _shapes(right: Sequence[Value], mine: Sequence[Value], place: int, labels: Sequence[str]) -> str:
    if place >= min(len(right), len(mine)) or not isinstance(mine[place], tuple) or not mine[place]:
        return _layers([each[0] for each in right], [_first(each) for each in mine], place, labels)
    (kind, *want), (other, *have) = right[place], mine[place]
    if kind != other:
        return f"layer {place + 1} of {len(right)}: got {_text(other)}, expected {kind}, whose output is {_size(want)}."
    return f"{_label(labels, place, kind)} gives {_size(have)}, expected {_size(want)}."


def _parameters(right: Sequence[Value], mine: Sequence[Value], place: int, labels: Sequence[str]) -> str:
    if place >= min(len(right), len(mine)) or not isinstance(mine[place], tuple) or len(mine[place]) != 2:
        return f"your model has {_count(len(mine), 'layer')} with weights, expected {len(right)}."
    (kind, want), (other, have) = right[place], mine[place]
    label = _label(labels, place, str(other))
    if kind != other:
        which = f"layer {place + 1} of {len(right)} with weights"
        return f"{which}: got {label} ({_text(other)}), expected a {kind} with {_number(want)} parameters."
    return f"{label} ({_text(other)}) has {_number(have)} parameters, expected {_number(want)}."


def _stages(right: Sequence[Value], mine: Sequence[Value], place: int, labels: Sequence[str]) -> str:
    if place >= min(len(right), len(mine)) or not isinstance(mine[place], tuple) or len(mine[place]) != 2:
        return f"your model has weights at {_count(len(mine), 'size')} of maps, expected {len(right)}."
    (size, want), (other, have) = right[place], mine[place]
    if size != other:
        return f"stage {place + 1} of {len(right)}: its maps are {_text(other)}, expected {size}."
    where = "behind the maps" if size == FLAT else f"with maps of {size}"
    return f"stage {place + 1} of {len(right)}, {where}: {_number(have)} parameters, expected {_number(want)}."


def _connections(right: Sequence[Value], mine: Sequence[Value], place: int, labels: Sequence[str]) -> str:
    if place >= min(len(right), len(mine)) or not isinstance(mine[place], dict):
        return f"your model joins branches {_count(len(mine), 'time')}, expected {len(right)}."
    want, have = right[place], mine[place]
    name = OPERATION.get(want["merge"], want["merge"])
    which = f"the {name}" if len(right) == 1 else f"join {place + 1} of {len(right)}, the {name},"
    if want["merge"] != have.get("merge"):
        return f"join {place + 1} of {len(right)}: got {_text(have.get('merge'))}, expected {want['merge']}."
    branches = have.get("branches")
    if not isinstance(branches, list) or not all(isinstance(each, str) for each in branches):
        return ""
    extra = [each for each in branches if each not in want["branches"]]
    missing = [each for each in want["branches"] if each not in branches]
    for late, early in ((late, early) for late in extra for early in missing):
        if want["then"] and late in (f"{early}{ARROW}{want['then']}", want["then"] if early == STRAIGHT else ""):
            return f"{which} is taken after the activation: {want['then']} belongs behind it, not into a branch."
    if extra and missing:
        return f"{which} takes the branch ({_text(extra[0])}), expected ({missing[0]})."
    if len(branches) != len(want["branches"]):
        return f"{which} joins {_count(len(branches), 'branch', 'branches')}, expected {len(want['branches'])}."
    if branches != want["branches"]:
        return f"{which} takes its branches in another order."
    return f"{which} is followed by {_text(have.get('then'))}, expected {want['then']}."


SENTENCES: Mapping[str, Callable[[Sequence[Value], Sequence[Value], int, Sequence[str]], str]] = {
    "layers": _layers,
    "activations": _activations,
    "settings": _settings,
    "shapes": _shapes,
    "parameters": _parameters,
    "connections": _connections,
    "sums": _connections,
    "stages": _stages,
}


def _label(labels: Sequence[str], place: int, kind: str) -> str:
    return f"`{labels[place]}`" if place < len(labels) else kind


def _kind(entry: Value) -> Value:
    return entry.get("layer") if isinstance(entry, dict) else entry


def _first(entry: Value) -> Value:
    return entry[0] if isinstance(entry, tuple) and entry else entry


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _text(value: Value) -> str:
    return f"{value!s:.{MAX}}"


def _number(value: Value) -> str:
    return f"{value:,}" if type(value) is int and abs(value) < 10**30 else _text(value)


def _size(value: Value) -> str:
    if isinstance(value, tuple | list) and value and all(type(each) is int for each in value):
        return "x".join(_text(each) for each in value) if len(value) > 1 else f"({_text(value[0])},)"
    return _text(value)
