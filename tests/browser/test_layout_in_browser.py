"""On a phone, on a wide screen and on paper nothing lies on anything else, nothing sticks out and no code is cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_up_class import conv2d, typical
from opened import opened
from overlaps import overlapping

from autograder.feedback import feedback_page

UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"
PAPER = 680  # pixels across an A4 page between its margins


@pytest.mark.parametrize("kind", ["ordinary", "hostile"])
def test_nothing_overlaps_or_sticks_out(chromium: Any, request: pytest.FixtureRequest, kind: str) -> None:
    for path in request.getfixturevalue(kind):
        with opened(chromium, path) as found:
            for width in (1400, 360):
                found.page.set_viewport_size({"width": width, "height": 900})
                assert (overlapping(found.page), found.sticking_out()) == ([], []), (path.name, width)
            found.page.evaluate(UNFOLD)
            assert (overlapping(found.page), found.sticking_out()) == ([], []), f"{path.name}, unfolded"


@pytest.mark.parametrize("kind", ["ordinary", "hostile"])
def test_on_paper_nothing_overlaps_and_nothing_is_cut(chromium: Any, request: pytest.FixtureRequest, kind: str) -> None:
    for path in request.getfixturevalue(kind)[:7]:
        with opened(chromium, path, PAPER) as found:
            found.page.emulate_media(media="print")
            assert (overlapping(found.page), found.sticking_out()) == ([], []), path.name
            assert found.page.evaluate(
                "[...document.querySelectorAll('pre, .scroll')].every(box =>"
                " box.scrollWidth <= box.clientWidth + 1 && box.scrollHeight <= box.clientHeight + 1)"
            ), path.name
            assert not found.page.locator("nav, .filter").filter(visible=True).count()


@pytest.mark.parametrize(
    ("planted", "found_by"),
    [("document.querySelector('h1').style.marginBottom = '-2rem'", "overlap"),
     ("document.querySelector('.summary').style.cssText = 'position: relative; top: -4rem'", "overlap"),
     ("document.querySelector('h1').style.cssText = 'white-space: nowrap; width: 2000px'", "out")],
)  # fmt: skip
def test_what_overlaps_or_sticks_out_is_found(chromium: Any, ordinary: list[Path], planted: str, found_by: str) -> None:
    with opened(chromium, ordinary[2], 360) as found:
        found.page.evaluate(planted)
        assert overlapping(found.page) if found_by == "overlap" else found.sticking_out()


def test_long_code_is_cut_on_no_page_of_paper(chromium: Any, tmp_path: Path) -> None:
    code = "".join(f"x{number} = {'1 + ' * 60}{number}\n" for number in range(150))
    path = tmp_path / "page.html"
    path.write_text(feedback_page(typical(questions=(conv2d(code=code),)), "T"), encoding="utf-8")
    with opened(chromium, path, PAPER) as found:
        shown = found.page.locator("pre.code").inner_text()
        found.page.emulate_media(media="print")
        assert found.sticking_out() == [] and found.page.locator("pre.code").inner_text() == shown
        assert found.page.evaluate(
            "[...document.querySelectorAll('pre')].every(p => p.scrollWidth <= p.clientWidth + 1"
            " && p.scrollHeight <= p.clientHeight + 1)"
        )
        assert found.page.pdf(format="A4").count(b"/Type /Page\n") >= 3
