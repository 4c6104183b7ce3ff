"""Pages for everybody: axe-core finds nothing, a keyboard does all, words say what colours say.

The package axe-playwright-python ships npm's axe-core as it is. The driver evaluates it in the page, so the page's
policy, which would stop any other script, stays in force.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from opened import opened

UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"


def problems(page: Any) -> list[str]:
    """What axe-core finds: "color-contrast (serious): <p class=…>"."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    found = axe.Axe().run(page).response
    assert len(found["passes"]) >= 5  # it has looked
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:120]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 360)])
@pytest.mark.parametrize("kind", ["ordinary", "hostile"])
def test_axe_finds_nothing(chromium: Any, request: pytest.FixtureRequest, kind: str, scheme: str, width: int) -> None:
    pages = request.getfixturevalue(kind)
    for path in pages if kind == "ordinary" else pages[:4]:
        with opened(chromium, path, width, color_scheme=scheme) as found:
            found.page.evaluate(UNFOLD)
            assert problems(found.page) == [], path.name
            assert found.happened == []


@pytest.mark.parametrize(
    ("planted", "named"),
    [("document.querySelector('.summary').style.color = '#ccc'", "color-contrast (serious)"),
     ("document.documentElement.removeAttribute('lang')", "html-has-lang (serious)"),
     ("document.querySelector('main').append(document.createElement('input'))", "label (critical)"),
     ("document.querySelector('.overview a').replaceChildren()", "link-name (serious)"),
     ("document.querySelector('pre').removeAttribute('tabindex')", "scrollable-region-focusable (serious)")],
)  # fmt: skip
def test_axe_finds_what_is_planted(chromium: Any, ordinary: list[Path], planted: str, named: str) -> None:
    with opened(chromium, ordinary[2], 360) as found:
        found.page.evaluate(planted)
        assert any(each.startswith(named) for each in problems(found.page))


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent || document.activeElement.tagName"))


def test_the_list_is_filtered_and_sorted_by_keyboard_alone(chromium: Any, ordinary: list[Path]) -> None:
    with opened(chromium, ordinary[0]) as found:
        page, keyboard = found.page, found.page.keyboard
        while focused(page) != "INPUT":
            keyboard.press("Tab")
            assert focused(page) != page.locator("body").text_content()
        keyboard.type("later")
        assert page.get_by_role("status").text_content() == "1 of 17"
        keyboard.press("Tab")  # the list itself, which scrolls
        assert page.evaluate("document.activeElement.className") == "scroll"
        keyboard.press("Tab")
        keyboard.press("Tab")
        assert focused(page).startswith("Score")
        assert (
            page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        )  # it is seen where one is
        for key, order in (("Enter", "ascending"), ("Space", "descending")):
            keyboard.press(key)
            assert page.locator("th[aria-sort]").evaluate_all("all => all.map(th => th.ariaSort)") == [order]
            assert focused(page).startswith("Score")


def test_a_screen_reader_hears_tables_with_headings_and_verdicts_in_words(chromium: Any, ordinary: list[Path]) -> None:
    with opened(chromium, ordinary[0]) as found:
        page = found.page
        assert page.get_by_role("table", name="Students").count() == 1
        assert page.get_by_role("region", name="Students").count() == 1
        assert page.get_by_role("searchbox", name="Filter").count() == 1
        assert page.get_by_role("columnheader", name="Score of 20").count() == 1
        row = page.get_by_role("row", name="Every Status")
        assert row.get_by_role("rowheader").get_by_role("link", name="Every Status").count() == 1
        assert row.get_by_role("cell", name="ran out of time, 0").count() == 1
        assert page.get_by_role("heading", level=1).count() == 1
    with opened(chromium, ordinary[2]) as found:
        page = found.page
        assert page.get_by_role("table", name="Your questions").count() == 1
        row = page.get_by_role("row", name="conv2d")
        assert [row.get_by_role("cell").nth(each).inner_text() for each in (0, 1)] == ["◐ Partly right", "2 of 6"]
        assert page.get_by_role("region", name="conv2d").get_by_role("heading", name="What helps").count() == 1
        assert page.get_by_role("region", name="Your code of question 3").count() == 1


def test_without_colour_every_verdict_is_still_told_apart(chromium: Any, ordinary: list[Path]) -> None:
    tones: dict[str, set[str]] = {}
    for path in ordinary:
        with opened(chromium, path) as found:
            for tone, words in found.page.locator(".good, .some, .bad, .calm").evaluate_all(
                "all => all.map(each => [each.className.match(/good|some|bad|calm/)[0], each.textContent])"
            ):
                sign = next((each for each in words if not each.isascii() and each != "–"), "!" if "!" in words else "")
                assert sign, words
                tones.setdefault(sign, set()).add(tone)
    assert len(tones) == 10 and all(len(each) == 1 for each in tones.values())


def test_on_the_page_of_similar_answers_a_sign_says_what_is_alike(chromium: Any, ordinary: list[Path]) -> None:
    with opened(chromium, ordinary[1]) as found:
        lines = found.page.locator(".line").evaluate_all("all => all.map(e => [e.matches('.same'), e.textContent[0]])")
        assert len(lines) > 20 and all(same == (sign == "=") for same, sign in lines)
