"""A zip from hostile hands: one sentence for what is refused, nothing written outside, bounded time and memory."""

import re
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zips import GRADESCOPE_METADATA, NOTEBOOKS, notebook, packed, special, with_flag

from autograder.handin.archive import Caps
from autograder.handin.inbox import InboxError, open_inbox
from autograder.handin.zipped import in_zip

MIB = 2**20
GOOD = ("submitted/ada/01_convolution/convolution.ipynb", notebook("ada"))
BEN = "submitted/ben/01_convolution/convolution.ipynb"
PLAIN = Caps()


@pytest.fixture
def taken(tmp_path):
    """Submissions by student, and proof that nothing but notebooks of ours was written."""

    def taken(content, caps=PLAIN):
        scratch = Path(tempfile.mkdtemp(dir=tmp_path))
        path = tmp_path / "class.zip"
        path.write_bytes(content)
        try:
            return {each.student: each for each in in_zip(path, NOTEBOOKS, None, scratch, (), caps)}
        finally:
            written = {str(each.relative_to(scratch)) for each in scratch.rglob("*")}
            assert all(re.fullmatch(r"\d{4}(/convolution-\d{6}\.ipynb)?", each) for each in written), written
            assert {each.name for each in tmp_path.iterdir()} <= {"class.zip", scratch.name, *_earlier(tmp_path)}

    return taken


def _earlier(folder):
    return {each.name for each in folder.iterdir() if each.name.startswith("tmp")}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("submitted/ben/01_convolution/../../../../convolution.ipynb", "leads out of the folder"),
        ("/submitted/ben/01_convolution/convolution.ipynb", "is absolute"),
        ("C:/submitted/ben/01_convolution/convolution.ipynb", "is absolute"),
        ("submitted\\ben\\01_convolution\\convolution.ipynb", "a backslash"),
        ("\\\\host\\submitted\\ben\\01_convolution\\convolution.ipynb", "a backslash"),
        (special(BEN), "a link or a device"),
        (special(BEN, stat.S_IFCHR), "a link or a device"),
        (special(BEN, stat.S_IFIFO), "a link or a device"),
    ],
)
def test_a_bad_member_is_its_students_result_and_nobody_elses(taken, name, words):
    found = taken(packed([GOOD, (name, notebook("ben"))]))
    assert found["ada"].path and not found["ada"].remarks
    assert found["ben"].path is None and words in found["ben"].problem and "was refused" in found["ben"].problem
    assert len(found) == 2


def test_what_is_refused_beside_a_good_notebook_is_a_remark(taken):
    link = special("submitted/ada/01_convolution/data")
    found = taken(packed([GOOD, (link, b"/etc/passwd")]))["ada"]
    assert found.path and "a link or a device" in found.remarks[0]


def test_doubled_members_are_refused(taken):
    ben = (BEN, notebook("ben"))
    found = taken(packed([GOOD, ben, (BEN.replace("/01", "/./01"), notebook("other"))]))
    assert "stands twice" in found["ben"].problem and found["ada"].path
    assert "stands twice" in taken(packed([GOOD, ben, ben]))["ben"].problem


@pytest.mark.parametrize("name", ["../../evil.ipynb", "/etc/cron.d/evil", "..\\evil.ipynb", special("link")])
def test_where_no_student_can_be_told_the_file_says_so_once(taken, name):
    found = taken(packed([GOOD, (name, b"x"), ("/another.ipynb", b"x")]))
    assert found["ada"].path and len(found) == 2
    (said,) = [each.problem for student, each in found.items() if student != "ada"]
    assert "'class.zip'" in said and "was refused" in said and "So were 1 more." in said
    with pytest.raises(InboxError, match="was refused"):
        taken(packed([(name, b"x")]))


def test_encrypted_members_are_refused(taken):
    found = taken(with_flag(packed([GOOD, (BEN, b"x")]), 0x1))
    assert {"it is encrypted" in each.problem for each in found.values()} == {True}


def test_rare_compressions_are_refused(taken):
    for compression in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert "packed in a way" in taken(packed([GOOD], compression))["ada"].problem


def test_bombs_are_refused_by_their_headers(taken):
    bomb = (BEN, b"0" * 8 * MIB)
    assert "200 times" in taken(packed([GOOD, bomb]))["ben"].problem
    assert "too large" in taken(packed([GOOD, bomb]), Caps(one_bytes=4 * MIB))["ben"].problem


def test_bombs_whose_headers_lie_are_stopped_while_they_are_read(taken):
    claimed = 8 * MIB + 12345
    size, lie = claimed.to_bytes(4, "little"), (1000).to_bytes(4, "little")
    content = packed([GOOD, (BEN, b"0" * claimed)])
    assert content.count(size) == 2
    found = taken(content.replace(size, lie))
    assert found["ada"].path and found["ben"].path is None and "damaged" in found["ben"].problem


def test_all_files_together_have_a_limit(taken):
    many = [(f"s{each}_{each}_1_convolution.ipynb", notebook("x" * 900)) for each in range(20)]
    found = taken(packed(many), Caps(all_bytes=10_000))
    assert sum(each.path is not None for each in found.values()) in range(5, 11)
    assert sum("all files together" in each.problem for each in found.values()) >= 10


def test_too_many_members_are_refused_as_a_whole(taken):
    many = [(f"s{each}.ipynb", b"") for each in range(30)]
    with pytest.raises(InboxError, match="more than 20 files"):
        taken(packed(many), Caps(files=20))
    with pytest.raises(InboxError, match="table of contents is too large"):
        taken(packed(many), Caps(names_bytes=1000))


def test_a_zip_in_a_zip_is_not_opened(taken):
    inner = packed([("convolution.ipynb", notebook("inner"))])
    found = taken(packed([GOOD, ("submitted/ben/01_convolution/convolution.zip", inner)]))
    assert "which is not opened" in found["ben"].problem


def test_a_damaged_member_costs_its_student_alone(taken):
    content = packed([GOOD, (BEN, b"unpacked as it is")], zipfile.ZIP_STORED)
    found = taken(content.replace(b"unpacked as it is", b"unpacked as it iz"))
    assert "damaged" in found["ben"].problem and found["ada"].path


HUNGRY = """
import resource, sys, tempfile
from pathlib import Path
from autograder.handin.inbox import InboxError, open_inbox
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    with open_inbox([Path(sys.argv[1])], {"01_convolution": "convolution"}) as found:
        print(len(found), [each.problem for each in found if each.problem][:1])
except InboxError as problem:
    print(problem)
after = resource.getrusage(resource.RUSAGE_SELF)
print((after.ru_maxrss - before) // 1024, after.ru_utime)
"""


def _contents_bomb():
    """A table of contents of 2,000,000 entries, 100 MB, for no files at all."""
    info = packed([("x", b"")])
    entry = info[info.index(b"PK\x01\x02") : info.index(b"PK\x05\x06")]
    count = 2_000_000
    end = b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff" + (len(entry) * count).to_bytes(4, "little") + b"\0\0\0\0\0\0"
    return entry * count + end


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_contents_bomb, "table of contents is too large"),
        (lambda: packed((f"s{each}_1_{each}_convolution.ipynb", b"{}") for each in range(5_000)), "5000 []"),
        (lambda: packed([("a_1_2_convolution.ipynb", b"0" * 400 * MIB)]), "too large"),
        (lambda: packed([(f"a{each}_1_2_convolution.ipynb", b"0" * 90 * MIB) for each in range(9)]), "200 times"),
    ],
)
def test_time_and_memory_are_bounded(tmp_path, make, words):
    path = tmp_path / "class.zip"
    path.write_bytes(make())
    run = subprocess.run([sys.executable, "-c", HUNGRY, path], capture_output=True, text=True, check=True, timeout=120)
    said, used = run.stdout.splitlines()
    mebibytes, seconds = map(float, used.split())
    assert words in said and mebibytes < 120 and seconds < 20


parts = st.sampled_from(
    ["..", ".", "", "a", "submitted", "ada", "01_convolution", "C:", "\\", "a_LATE_1_2_convolution"]
)
endings = st.sampled_from([".ipynb", "-1.ipynb", ".zip", "", "/", "\0.ipynb"])
platform = st.sampled_from(["A B_1_assignsubmission_file_/", "x/submission_11/", "submission_metadata.yml", "a_1_2_"])
names = st.builds(lambda a, b, c: b + "/".join(a) + c, st.lists(parts, max_size=5), platform | st.just(""), endings)
contents = st.binary(max_size=60) | st.just(notebook("x")) | st.just(GRADESCOPE_METADATA) | st.just(b"0" * 5000)
modes = st.sampled_from([0, stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR, stat.S_IFBLK])


def _member(name, mode):
    info = zipfile.ZipInfo(name.replace("\0", "N") or "x")
    info.create_system, info.external_attr = 3, (mode | 0o777) << 16
    return info


zips = st.lists(st.tuples(st.builds(_member, names | st.text(max_size=20), modes), contents), max_size=6).map(packed)
changes = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=12)


def _mutated(content, changes, cut):
    changed = bytearray(content)
    for at, value in changes:
        changed[at % len(changed)] = value
    return bytes(changed[: len(changed) - cut % len(changed)]) if cut else bytes(changed)


def _submissions_or_one_sentence(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "class.zip"
        path.write_bytes(content)
        try:
            with open_inbox([path], NOTEBOOKS) as submissions:
                assert submissions
                for each in submissions:
                    assert each.student and "/" not in each.student
                    assert (each.path is None) == bool(each.problem)
                    assert each.path is None or each.path.is_file()
        except InboxError as problem:
            assert str(problem)
        assert [each.name for each in Path(folder).iterdir()] == ["class.zip"]


quick = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(content=st.builds(_mutated, zips, changes, st.sampled_from([0, 0, 0, 1, 30, 200])))
def test_mutated_zips_are_read_or_refused(content):
    _submissions_or_one_sentence(content)


@quick
@given(content=st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: packed([GOOD]) + tail))
def test_arbitrary_bytes_are_read_or_refused(content):
    _submissions_or_one_sentence(content)


@pytest.mark.slow
@settings(quick, max_examples=10_000)
@given(content=st.builds(_mutated, zips, changes, st.sampled_from([0, 0, 0, 1, 30, 200])))
def test_ten_thousand_mutated_zips_are_read_or_refused(content):
    _submissions_or_one_sentence(content)
