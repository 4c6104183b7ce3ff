"""The distribution of scores, drawn by matplotlib, as an SVG that takes its colours and letters from the page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup

NAMESPACE = "{http://www.w3.org/2000/svg}"
BAR, AXIS = "#112233", "#445566"  # stand-ins, replaced by classes of the page's style
CLASSES = {BAR: "plot-bar", AXIS: "plot-axis"}
KEPT = ("stroke-width", "stroke-linecap", "stroke-linejoin", "text-anchor")
LABELS = (*(f"{low}–{low + 9}" for low in range(0, 100, 10)), "100")  # the plot shows where each begins


def distribution(percents: Sequence[float]) -> list[tuple[str, int]]:
    """How many hand-ins lie in each tenth; full marks are a bar of their own."""
    counts = [0] * len(LABELS)
    for percent in percents:
        counts[min(max(int(percent + 1e-9) // 10, 0), 10)] += 1
    return list(zip(LABELS, counts, strict=True))


def histogram(bars: Sequence[tuple[str, int]], salt: str) -> Markup:
    """The bars as inline SVG, the same bytes for the same numbers. The page gives the text alternative."""
    import matplotlib  # heavy, so only when a class page is drawn
    from matplotlib.figure import Figure

    settings: dict[Any, Any] = {"svg.hashsalt": salt, "svg.fonttype": "none", "font.size": 9, "text.color": AXIS}
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(5.2, 2.4), layout="constrained")
        axes = figure.add_subplot()
        places = range(len(bars))
        drawn = axes.bar(places, [amount for _, amount in bars], width=0.82, color=BAR)
        axes.bar_label(drawn, [str(amount) if amount else "" for _, amount in bars], padding=3, color=AXIS)
        axes.set_xticks(places, [label.split("–")[0] for label, _ in bars])
        axes.set_yticks([])
        axes.set_xlabel("percent of the points, in tenths", color=AXIS)
        axes.margins(x=0.01, y=0.16)
        axes.tick_params(length=0, pad=5, labelcolor=AXIS)
        axes.spines[["left", "right", "top"]].set_visible(False)
        axes.spines["bottom"].set_color(AXIS)
        axes.patch.set_visible(False)
        figure.patch.set_visible(False)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _for_page(file.getvalue())


def _for_page(svg: str) -> Markup:
    """Drop what the page's policy forbids or the page decides itself: style attributes, fonts, fixed sizes, ids."""
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{NAMESPACE}style", f"{NAMESPACE}metadata", f"{NAMESPACE}defs"):
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(NAMESPACE)
        style = dict(part.split(":", 1) for part in element.attrib.pop("style", "").split(";") if ":" in part)
        declared = {name.strip(): value.strip() for name, value in style.items()}
        for name in ("id", "clip-path"):
            element.attrib.pop(name, None)
        element.attrib |= {name: value for name, value in declared.items() if name in KEPT}
        if named := next((CLASSES[value] for value in declared.values() if value in CLASSES), None):
            element.set("class", named)
    box = root.get("viewBox", "")
    root.attrib.clear()
    root.attrib |= {"viewBox": box, "class": "plot", "aria-hidden": "true", "focusable": "false"}
    return Markup(ElementTree.tostring(root, encoding="unicode"))
