"""nbgrader's exchange, without following links that a student put in and without stopping at one odd hand-in."""

from __future__ import annotations

import glob
import shutil
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback

from autograder.deadlines.receipts import (
    SECRET,
    STAMP,
    Receipt,
    Witness,
    arrival,
    claimed_time,
    note_receipts,
    stamp_of,
)

CLOCKS_DIFFER = timedelta(minutes=2)  # and a large hand-in takes its time to copy
ADDRESS = (STAMP, SECRET)  # by these a student's own nbgrader finds the feedback


class CollectWithoutLinks(ExchangeCollect):  # type: ignore[misc]
    """nbgrader copies what a link leads to, read with the instructor's rights: a secret, another's work.

    It also believes the time that a student's own nbgrader wrote. Here it is noted when a hand-in really arrived.
    """

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a hand-in, unless there is a link in it; the others are collected all the same."""
        if linked := links(Path(src)):
            self.log.error("%s holds links and is not collected: %s", Path(src).name, ", ".join(linked)[:200])
            return
        super().do_copy(src, dest, log)
        *_, student, assignment = Path(dest).parts
        arrived, claimed = arrival(Path(src)), claimed_time(Path(src))
        note_receipts(Path(self.coursedir.root), {(student, assignment): Receipt(arrived, Witness.EXCHANGE)})
        if claimed is None:
            stamp(Path(dest), arrived)
        if claimed is None or arrived - claimed > CLOCKS_DIFFER:
            said = claimed.isoformat(" ", "seconds") if claimed else "no time"
            message = "%s says %s and has been in the exchange since %s, which counts; receipts.csv can say otherwise."
            self.log.warning(message, Path(src).name, said, arrived.isoformat(" ", "seconds"))


def stamp(place: Path, moment: datetime) -> None:
    """Give a collected hand-in a timestamp.txt in place of one that is no time, at which formgrader would stop."""
    path = place / STAMP
    place.chmod(place.stat().st_mode | stat.S_IRWXU)
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.write_text(stamp_of(moment))


class ReleaseWhereAsked(ExchangeReleaseFeedback):  # type: ignore[misc]
    """nbgrader stops at the first hand-in that came another way; only those from the exchange can be answered there."""

    src_path: str  # as nbgrader makes it, with stars for students

    def copy_files(self) -> None:
        """Release the feedback of each student on its own."""
        for folder in sorted(glob.glob(self.src_path)):  # noqa: PTH207
            if all((Path(folder) / name).is_file() for name in ADDRESS):
                self.src_path = folder
                super().copy_files()
            else:
                self.log.warning("%s did not come through the exchange: pass its feedback on another way.", folder)


def links(folder: Path) -> list[str]:
    """Names of all links in a folder, or of the folder if it is one."""
    return sorted(path.name for path in [folder, *folder.rglob("*")] if path.is_symlink())
