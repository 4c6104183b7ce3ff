"""What is seen of a training fits where it is seen."""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from small_training import small_data, small_model

from common.training import fit
from common.training.progress import Bar, bar, in_notebook
from common.training.run import Run

RUN = Run([2.0], [0.25], [1.5], [0.5], epochs_done=1, epochs=12, device="CPU (a, 2 cores)", seconds=83)


def test_a_log_gets_a_line_for_each_epoch_and_a_closing_one(capsys: pytest.CaptureFixture[str]) -> None:
    fit(small_model(), small_data(), 2)
    text = capsys.readouterr().out
    lines = text.splitlines()
    assert "\r" not in text and [line[:12] for line in lines[:-1]] == ["epoch 1 of 2", "epoch 2 of 2"]
    assert "of 80 validation images right after 2 epochs;" in lines[-1] and " on CPU (" in lines[-1]


def test_a_terminal_gets_a_bar_that_is_wiped_before_the_next_line(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "60")
    watcher = Bar()
    watcher.last = -1.0
    watcher.batch(RUN, 0.5, {"loss": 1.25})
    watcher.epoch(RUN, 2.0)
    drawn, line = screen.getvalue().rsplit("\r", 1)
    assert drawn.startswith("\repoch 2 of 12  [##########..........]  50%  loss 1.250")
    assert max(len(each) for each in drawn.split("\r")) == 59
    assert line == "epoch  1 of 12  loss 2.0000  accuracy 25.0%  validation 1.5000  50.0%  2.0 s\n"
    assert bar(RUN, 1.0, 2.0, {}).endswith("100%  0.0 s left")


def test_the_closing_line_says_how_right_how_long_and_where() -> None:
    assert (
        RUN.closing(1000)
        == "50.0% of 1,000 validation images right after 1 of 12 epochs; 1 min 23 s on CPU (a, 2 cores)."
    )


def test_this_is_no_notebook() -> None:
    assert not in_notebook()


def test_a_notebook_keeps_one_figure_and_one_line(tmp_path: Path) -> None:
    """In a real kernel, as nbconvert runs it: all that was drawn meanwhile was replaced in place."""
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from small_training import small_data, small_model\n"
        "from common.training import fit\n"
        "run = fit(small_model(), small_data(), 3)"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    shown = [each for each in notebook.cells[0].outputs if each.output_type != "stream" or each.name == "stdout"]
    assert [each.output_type for each in shown] == ["display_data"] * 2
    line, figure = shown
    assert "of 80 validation images right after 3 epochs" in line.data["text/plain"]
    assert "<progress" not in line.data["text/html"]
    assert base64.b64decode(figure.data["image/png"]).startswith(b"\x89PNG")
    assert figure.data["text/plain"].startswith("epoch 3 of 3  loss ")
