"""Freeze the public sheets of an assignment into one file of plain data, the same bytes wherever it is made.

The file is a zip that np.load opens: `manifest.json` and one .npy per array, named by its digest. No code, no pickle.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from common.cases.case import Case, KnownMistake, Outcome, Raised, Relation, Sheet, Value
from common.cases.sealed import Sealed

FILE = "cases.npz"
FORMAT = 1
MANIFEST = "manifest.json"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # zip's first date, so that the time of building leaves no trace

Arrays = dict[str, np.ndarray]


def freeze(path: Path, assignment: str, sheets: Sequence[Sheet]) -> None:
    """Write the sheets of one assignment."""
    arrays: Arrays = {}
    questions = [_sheet_to_json(sheet, arrays) for sheet in sheets]
    manifest = {"format": FORMAT, "assignment": assignment, "questions": questions}
    with zipfile.ZipFile(path, "w") as archive:
        _add(archive, MANIFEST, json.dumps(manifest, separators=(",", ":")).encode())
        for name in sorted(arrays):
            content = io.BytesIO()
            np.lib.format.write_array(content, arrays[name], version=(1, 0), allow_pickle=False)
            _add(archive, f"{name}.npy", content.getvalue())


def digest(sheet: Sheet) -> str:
    """A digest of all that a sheet holds: arrays enter by their own digests."""
    names = [mistake.name for mistake in sheet.mistakes]
    return hashlib.sha256(json.dumps([_sheet_to_json(sheet, {}), names]).encode()).hexdigest()


def thaw(path: Path) -> dict[str, Sheet]:
    """Read the sheets of one assignment, by question."""
    with np.load(path, allow_pickle=False) as archive:
        manifest = json.loads(archive[MANIFEST])
        if manifest["format"] != FORMAT:
            raise ValueError(f"{path.name} has format {manifest['format']}; this version reads format {FORMAT}.")
        arrays = {name: archive[name] for name in archive.files if name != MANIFEST}
    return {each["name"]: _sheet_from_json(each, arrays) for each in manifest["questions"]}


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, EARLIEST)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    archive.writestr(entry, content)


def _sheet_to_json(sheet: Sheet, arrays: Arrays) -> dict[str, Any]:
    return {
        "name": sheet.question,
        "kind": sheet.kind,
        "points": dict(sheet.points),
        "cases": [_case_to_json(case, arrays) for case in sheet.cases],
        # A mistake travels as what it gives on these inputs: no name, no source.
        "mistakes": [
            {"say": each.say, "outcomes": [_outcome_to_json(outcome, arrays) for outcome in each.outcomes]}
            for each in sheet.mistakes
        ],
    }


def _case_to_json(case: Case, arrays: Arrays) -> dict[str, Any]:
    data: dict[str, Any] = {
        "probes": case.probes,
        "group": case.group,
        "inputs": [[name, _to_json(value, arrays)] for name, value in case.inputs.items()],
        "expected": _outcome_to_json(case.expected, arrays),
        "terms": case.terms,
        "rtol": case.rtol,
    }
    if case.relation:
        data["relation"] = [case.relation.name, _to_json(dict(case.relation.settings), arrays)]
    if case.same_dtype:
        data["same_dtype"] = True
    return data


def _sheet_from_json(data: Mapping[str, Any], arrays: Arrays) -> Sheet:
    cases = tuple(
        Case(
            probes=each["probes"],
            group=each["group"],
            inputs={name: _from_json(value, arrays) for name, value in each["inputs"]},
            expected=_outcome_from_json(each["expected"], arrays),
            terms=each["terms"],
            rtol=each["rtol"],
            relation=_relation_from_json(each.get("relation"), arrays),
            same_dtype=each.get("same_dtype", False),
        )
        for each in data["cases"]
    )
    mistakes = tuple(
        KnownMistake("", each["say"], tuple(_outcome_from_json(outcome, arrays) for outcome in each["outcomes"]))
        for each in data["mistakes"]
    )
    return Sheet(data["name"], data["points"], cases, mistakes, data["kind"])


def _relation_from_json(data: Any, arrays: Arrays) -> Relation | None:
    return Relation(data[0], _from_json(data[1], arrays)) if data else None


def _outcome_to_json(outcome: Outcome, arrays: Arrays) -> dict[str, Any]:
    if outcome.raised:
        return {"raised": outcome.raised.type}
    return {"value": _to_json(outcome.value, arrays), "modified": list(outcome.modified)}


def _outcome_from_json(data: Mapping[str, Any], arrays: Arrays) -> Outcome:
    if "raised" in data:
        return Outcome(raised=Raised(data["raised"]))
    return Outcome(_from_json(data["value"], arrays), modified=tuple(data["modified"]))


def _to_json(value: Value, arrays: Arrays) -> Any:
    if isinstance(value, np.ndarray):
        name = hashlib.sha256(str((value.dtype, value.shape)).encode() + value.tobytes()).hexdigest()[:16]
        arrays[name] = np.ascontiguousarray(value).reshape(value.shape)
        return {"array": name}
    if isinstance(value, tuple):
        return {"tuple": [_to_json(each, arrays) for each in value]}
    if isinstance(value, list):
        return [_to_json(each, arrays) for each in value]
    if isinstance(value, Sealed):
        return {"sealed": dataclasses.asdict(value)}
    if isinstance(value, dict):
        return {"dict": [[key, _to_json(each, arrays)] for key, each in value.items()]}
    return value


def _from_json(data: Any, arrays: Arrays) -> Value:
    if isinstance(data, list):
        return [_from_json(each, arrays) for each in data]
    if isinstance(data, dict):
        ((kind, content),) = data.items()
        if kind == "array":
            return arrays[content]
        if kind == "sealed":
            return Sealed(**content)
        if kind == "tuple":
            return tuple(_from_json(each, arrays) for each in content)
        return {key: _from_json(each, arrays) for key, each in content}
    return data
