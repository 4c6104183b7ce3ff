"""Trained hand-ins: a file scored on hidden data. It is read without trust, and its labels stay outside the jail."""

from __future__ import annotations

import io
import json
import os
import pickle
import zipfile

import numpy as np
import pytest

from autograder.grading.request import FileProblem, read_file
from autograder.proving import grade_own
from common.cases import Status
from common.models.allow_list import Unfit
from common.models.trained_file import pack_trained, read_trained

pytestmark = pytest.mark.jail
NAME = "07_trained"
FILE = "digits_net.npz"


@pytest.fixture(scope="module")
def model(built):
    """The reference, trained once."""
    return built(NAME).reference["digits_net"]()


@pytest.fixture(scope="module")
def saved(model):
    from common.models.trained import as_file

    return as_file(model)


def test_the_file_alone_earns_the_points(grade, planned, saved):
    result = grade(NAME, files={FILE: saved}, solved=False)
    assert result.score == planned(NAME).assignment.rubric.points, result.questions[0].message


def test_the_self_test_hands_in_the_reference_s_own_file(jails, built, small_course):
    assert grade_own(jails, small_course, built(NAME), {}) == ((4.0, 4.0), (0.0, 4.0))


def test_without_a_file_nothing_is_earned(grade):
    (question,) = grade(NAME).questions
    assert (question.status, question.score) == (Status.MISSING, 0)
    assert "hand in what `hand_in` wrote" in question.message


def test_a_poor_model_gets_its_band_and_a_sentence(grade, saved):
    trained = read_trained(saved)
    shifted = [*trained.weights[:-2], *(np.roll(each, 1, -1) for each in trained.weights[-2:])]
    (question,) = grade(NAME, files={FILE: pack_trained(trained.architecture, shifted)}).questions
    assert (question.score, question.mistake) == (0, "classes shifted")
    assert "images are right; this part begins at 60%" in question.message


def test_the_hidden_labels_go_into_no_process(planned, monkeypatch, jails, saved):
    """All that is sent to the clean room: the architecture, weights, images, a bound. The labels are none of it."""
    from autograder.jail import Limits, Session

    plan = planned(NAME)
    question, sheet = plan.assignment.rubric["digits_net"], plan.sheets["digits_net"]
    labels, sent, call = sheet.cases[0].inputs["labels"], [], Session.call
    monkeypatch.setattr(Session, "call", lambda self, name, inputs: (sent.append(inputs), call(self, name, inputs))[1])
    jail = jails.with_packages(question.preload)
    question.examine_file(saved, sheet, lambda: jail.session(Limits(call_seconds=60, memory_mib=2048)))
    assert sent
    for _, weights, images, bound in sent:
        assert type(bound) is int
        assert all(each.shape != labels.shape for each in [*weights, images])


def parts(saved):
    with zipfile.ZipFile(io.BytesIO(saved)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(content, compression=zipfile.ZIP_STORED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return made.getvalue()


def npy(array, **changes):
    content = io.BytesIO()
    np.save(content, array, **changes)
    return content.getvalue()


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch /tmp/should-never-be",))


HOSTILE = {
    "a pickle": lambda saved: pickle.dumps({"weights": 1}),
    "an array of pickles": lambda saved: zipped(
        parts(saved) | {"000000.npy": npy(np.array([Bomb()], dtype=object), allow_pickle=True)}
    ),
    "a zip bomb": lambda saved: zipped(parts(saved) | {"000000.npy": bytes(2**24)}, zipfile.ZIP_DEFLATED),
    "a foreign part": lambda saved: zipped(parts(saved) | {"../../x.py": b"import os"}),
    "whole numbers": lambda saved: zipped(parts(saved) | {"000000.npy": npy(np.ones((3, 3, 1, 8), int))}),
    "text": lambda saved: zipped(parts(saved) | {"000000.npy": npy(np.array(["a"]))}),
    "a claim of 10^12 numbers": lambda saved: zipped(
        parts(saved)
        | {"000000.npy": npy(np.ones(100)).replace(b"(100,), }         ", b"(1000000000000,), }"[:19] + b"")}
    ),
    "no architecture": lambda saved: zipped({"000000.npy": npy(np.ones(3))}),
    "half a file": lambda saved: saved[: len(saved) // 2],
    "nothing": lambda saved: b"",
    "too many parts": lambda saved: zipped({f"{number:06}.npy": b"" for number in range(10_500)}),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_before_anything_is_made_of_it(what, saved):
    with pytest.raises(Unfit):
        read_trained(HOSTILE[what](saved))


def test_a_hostile_file_costs_its_question_alone(grade, saved):
    content = parts(saved)
    config = json.loads(content["architecture.json"])
    config["layers"][-1] = config["layers"][-1] | {"class_name": "Lambda"}
    worse = [
        zipped(content | {"architecture.json": json.dumps(config).encode()}),
        zipped(content | {"000000.npy": npy(np.full((3, 3, 1, 8), np.nan, np.float32))}),
        zipped({name: part for name, part in content.items() if name != "000001.npy"}),
        HOSTILE["an array of pickles"](saved),
    ]
    messages = []
    for each in worse:
        (question,) = grade(NAME, files={FILE: each}).questions
        assert (question.score, question.status) == (0, Status.FAILED)
        messages.append(question.message)
    assert ["Lambda" in messages[0], "NaN" in messages[1], "do not fit" in messages[2], "no plain" in messages[3]] == [
        True
    ] * 4, messages


def test_links_pipes_and_folders_are_not_read(tmp_path):
    (tmp_path / "secret").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("link", "pipe", "folder"):
        with pytest.raises((FileProblem, OSError)):
            read_file(tmp_path, name)
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path, "nothing")
