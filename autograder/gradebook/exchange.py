"""nbgrader's exchange, without following links that a student put in and without stopping at one odd hand-in."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback

ADDRESS = ("timestamp.txt", "submission_secret.txt")  # by these a student's own nbgrader finds the feedback


class CollectWithoutLinks(ExchangeCollect):  # type: ignore[misc]
    """nbgrader copies what a link leads to, read with the instructor's rights: a secret, another's work."""

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a hand-in, unless there is a link in it; the others are collected all the same."""
        if linked := links(Path(src)):
            self.log.error("%s holds links and is not collected: %s", Path(src).name, ", ".join(linked)[:200])
            return
        super().do_copy(src, dest, log)


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
