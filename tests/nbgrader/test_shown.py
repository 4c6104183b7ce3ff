"""Markdown on an instructor's page neither runs nor fetches; comments are text."""

import pytest

from autograder.gradebook.shown import as_is, markdown2html


@pytest.mark.parametrize(
    "written",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x]( javascript:alert(1))",
        "[x][1]\n\n[1]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "[x](vbscript:msgbox)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_a_link_of_a_students_runs_nothing(written):
    page = markdown2html(written).lower()
    assert 'href="javascript' not in page and 'href="vbscript' not in page and 'href="data' not in page


@pytest.mark.parametrize("address", ["https://example.org/seen.png", "attachment:none.png", "//example.org/a.png"])
def test_a_picture_from_elsewhere_is_named_not_fetched(address):
    page = markdown2html(f'![a "quoted" <b>name</b>]({address})')
    assert "<img" not in page and "[picture:" in page


def test_a_picture_in_the_page_formulas_and_an_instructors_html_are_shown():
    assert 'src="data:image/png;base64,AA"' in markdown2html("![p](data:image/png;base64,AA)")
    assert "$x^2 &lt; 3$" in markdown2html("$x^2 < 3$")
    assert "<details>" in markdown2html("<details>more</details>\n")


def test_a_diagram_is_code():
    page = markdown2html("```mermaid\nclick A href 'javascript:alert(1)'\n```")
    assert "mermaid" not in page and "<code>" in page


def test_a_comment_is_shown_line_by_line_and_means_nothing():
    page = markdown2html(as_is("conv2d: 0 of 10 points\nNO   <script>alert(1)</script>\n[x](javascript:alert(1)) *a*"))
    assert page.startswith("<pre><code>") and page.count("\n") >= 3
    assert "<script>" not in page and "<a" not in page and "<em>" not in page
