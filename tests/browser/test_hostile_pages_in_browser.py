"""Hostile hand-ins in a real browser: nothing runs, nothing is fetched, nothing sticks out, everything can be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_up_class import typical
from opened import opened
from pages import ATTACKS

from autograder.feedback import feedback_page


def test_no_attack_runs_or_fetches_or_widens_a_page(chromium: Any, hostile: list[Path]) -> None:
    assert len(hostile) == len(ATTACKS) + 5  # class, similar answers, unreadable, two whose answers are alike
    for path in hostile:
        with opened(chromium, path, 1400) as found:
            assert found.sticking_out() == []
            found.page.set_viewport_size({"width": 360, "height": 800})
            assert found.sticking_out() == []
            assert found.page.evaluate("window.ran") is None
            assert found.page.url == path.as_uri()
            assert found.happened == []


def test_the_policy_stops_what_escaping_would_let_through(chromium: Any, tmp_path: Path) -> None:
    planted = (
        "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'><body onpageshow='window.ran = 1'>"
        "<style>body { display: none }</style><p style='position: fixed'>p</p><img src=https://example.org/a.png>"
    )
    path = tmp_path / "planted.html"
    path.write_text(feedback_page(typical(), "T").replace("</body>", planted + "</body>"), encoding="utf-8")
    with opened(chromium, path) as found:
        assert found.page.evaluate("window.ran") is None
        assert found.page.evaluate("getComputedStyle(document.body).display") == "block"
        assert any("Content Security Policy" in each for each in found.happened)
        assert "stopped by csp: https://example.org/a.png" in found.happened


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(chromium: Any, ordinary: list[Path], scheme: str) -> None:
    for path in ordinary:
        with opened(chromium, path, color_scheme=scheme) as found:
            assert found.faint() == []
