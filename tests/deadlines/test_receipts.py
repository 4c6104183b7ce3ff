"""Who says when a hand-in was received: what a student can write never makes it earlier."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from autograder.deadlines.lateness import TimeRules, notes
from autograder.deadlines.receipts import (
    RECORD,
    Receipt,
    Witness,
    arrival,
    claimed_time,
    folder_receipt,
    note_receipts,
    read_receipts,
    read_record,
)
from autograder.deadlines.rules import Deadline, DeadlinesError, Extension, Policy, Rules
from autograder.handin.inbox import find_submissions
from autograder.handin.submission import Submission

NAME, KNOWN = "01_convolution", {"01_convolution": "convolution"}
DUE = datetime(2026, 10, 23, 22, tzinfo=UTC)
RULES = Rules(deadlines={NAME: Deadline(DUE, Policy(percent_per_day=10))}, file="deadlines.toml")


@pytest.fixture
def place(tmp_path):
    place = tmp_path / "submitted/ada" / NAME
    place.mkdir(parents=True)
    (place / "convolution.ipynb").write_text("{}")
    return place


def note(folder, student, at):
    note_receipts(folder, {(student, NAME): Receipt(at, Witness.EXCHANGE)})


def received(place):
    (submission,) = find_submissions([place.parents[1]], KNOWN)
    return submission.receipt


def late(place, receipts=()):
    (submission,) = find_submissions([place.parents[1]], KNOWN)
    return TimeRules(RULES, dict(receipts)).late(submission)


def test_without_a_record_nothing_is_known_and_nothing_taken_off(place):
    os.utime(place / "convolution.ipynb", (0, 0))
    assert received(place) is None
    assert late(place).percent == 0 and "not recorded" in late(place).why


def test_a_hand_ins_own_stamp_counts_only_where_there_is_nothing_else_and_is_named(place):
    (place / "timestamp.txt").write_text("2026-10-24 10:00:00.0 UTC")
    assert received(place) == Receipt(datetime(2026, 10, 24, 10, tzinfo=UTC), Witness.STUDENT)
    assert (late(place).days, late(place).by) == (1, "timestamp.txt, which a student can write")


def test_a_forged_stamp_does_not_make_a_hand_in_earlier(place):
    note(place.parents[2], "ada", DUE + timedelta(hours=30))
    (place / "timestamp.txt").write_text("2026-10-01 10:00 UTC")
    assert (late(place).days, late(place).by) == (2, "the exchange")
    mine = {("ada", NAME): Receipt(DUE + timedelta(hours=50), Witness.INSTRUCTOR)}
    assert (late(place, mine).days, late(place, mine).by) == (3, "receipts.csv")


def test_a_forged_stamp_is_worth_no_more_than_none_at_all(place):
    unstamped = late(place).percent
    (place / "timestamp.txt").write_text("2026-10-01 10:00 UTC")
    assert late(place).percent == unstamped == 0


@pytest.mark.parametrize("content", [b"", b"\xff\0", b"soon", b"2026-10-24", b"9999-12-31 23:59 -1200", b"1" * 10**6])
def test_a_stamp_that_is_no_time_is_none(place, content):
    (place / "timestamp.txt").write_bytes(content)
    assert claimed_time(place) is None and received(place) is None


def test_a_stamp_that_is_no_file_is_none_and_nothing_waits(place, tmp_path):
    stamp = place / "timestamp.txt"
    (tmp_path / "elsewhere").write_text("2026-10-24 10:00 UTC")
    stamp.symlink_to(tmp_path / "elsewhere")
    assert claimed_time(place) is None
    stamp.unlink()
    os.mkfifo(stamp)
    assert claimed_time(place) is None
    stamp.unlink()
    stamp.mkdir()
    assert claimed_time(place) is None


def test_a_file_set_back_in_time_arrived_when_it_was_set_back(place):
    before = datetime.now(UTC) - timedelta(seconds=1)
    os.utime(place / "convolution.ipynb", (0, 0))
    os.utime(place, (0, 0))
    assert before < arrival(place) <= datetime.now(UTC) + timedelta(seconds=1)


def test_a_file_put_in_later_makes_the_hand_in_later(place):
    first = arrival(place)
    time.sleep(0.02)
    (place / "convolution.ipynb").write_text("{ }")
    assert arrival(place) > first


def test_what_collect_noted_is_kept_for_each_hand_in(tmp_path):
    note(tmp_path, "ada", DUE)
    note(tmp_path, "ben", DUE)
    note(tmp_path, "ada", DUE + timedelta(days=1))
    once = (tmp_path / RECORD).read_bytes()
    note(tmp_path, "ben", DUE)
    assert (tmp_path / RECORD).read_bytes() == once
    record = read_record(tmp_path)
    assert folder_receipt(tmp_path / "submitted/ada" / NAME, record).at == DUE + timedelta(days=1)
    assert folder_receipt(tmp_path / "submitted/chen" / NAME, record) is None
    assert (
        note_receipts(tmp_path, {("ada", NAME): None}) == read_record(tmp_path) == {("ben", NAME): record["ben", NAME]}
    )


def test_a_stamp_on_record_is_read_anew(place):
    note_receipts(place.parents[2], {("ada", NAME): Receipt(DUE, Witness.STUDENT)})
    assert received(place) is None
    (place / "timestamp.txt").write_text("2026-10-25 10:00 UTC")
    assert received(place).at.day == 25


BROKEN = ['{"received": "soon", "by": "the exchange"}', '{"received": "2026-10-24T10:00:00Z", "by": "me"}', "1", "{}"]


@pytest.mark.parametrize("content", ["{", "[]", '{"ada": 1}', *(f'{{"ada": {{"a": {each}}}}}' for each in BROKEN)])
def test_a_broken_record_is_one_sentence(tmp_path, content):
    (tmp_path / RECORD).write_text(content)
    with pytest.raises(DeadlinesError, match=r"received.json cannot be read"):
        read_record(tmp_path)


@pytest.fixture
def receipts(tmp_path):
    def receipts(text):
        (tmp_path / "receipts.csv").write_text(text, encoding="utf-8-sig")
        return read_receipts(tmp_path / "receipts.csv", KNOWN)

    return receipts


@pytest.mark.parametrize("mark", [",", ";"])
def test_the_instructors_record_is_read(receipts, mark):
    rows = ["student,assignment,received,note", f"ada,{NAME},2026-10-24 00:05 +0200,by mail", ",,,", ""]
    (found,) = receipts("\n".join(rows).replace(",", mark)).items()
    assert found == (("ada", NAME), Receipt(datetime(2026, 10, 23, 22, 5, tzinfo=UTC), Witness.INSTRUCTOR))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("name,assignment,received", "line 1 names no column 'student'"),
        ("", "line 1 names no column 'student'"),
        ("student,assignment,received\nada,99_x,2026-10-24 00:05 Z", "line 2 names '99_x'"),
        (f"student,assignment,received\nada,{NAME},2026-10-24 00:05", "line 2: .* has no zone; write it as .* UTC"),
        (f"student,assignment,received\nada,{NAME},soon", "line 2: 'soon' is no date"),
        (f"student,assignment,received\nada,{NAME}", "line 2: '' is no date"),
        ("student,assignment,received" + f"\na,{NAME},2026-10-24 00:05 Z" * 2, "line 3 has a for .* a second"),
    ],
)  # fmt: skip
def test_a_mistake_in_it_is_one_sentence_that_names_the_line(receipts, rows, sentence):
    with pytest.raises(DeadlinesError, match=f"^receipts.csv: {sentence}"):
        receipts(rows)


def test_what_a_platform_only_marks_is_said_and_costs_nothing():
    late = TimeRules(RULES, {}).late(Submission("ada", NAME, None, late=True))
    assert late.percent == 0 and "marks it as late" in late.why
    assert late.marked and not TimeRules(RULES, {}).late(Submission("ada", NAME, None)).marked


def test_an_extension_of_somebody_unknown_is_a_note():
    extensions = {("ada", NAME): Extension(DUE), ("adda", NAME): Extension(DUE), ("ben", "02_pooling"): Extension(DUE)}
    rules = Rules(extensions=extensions, notes=("Odd.",))
    handed_in = {("ada", NAME), ("ben", NAME)}
    assert notes(rules, handed_in) == ["Odd.", f"adda has an extension for {NAME} and no hand-in here."]
