"""A page opened in Chromium, with everything it tried to do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Elements that stick out of the window, unless they lie in a box that scrolls by itself.
STICKING_OUT = """() => {
  const out = [];
  const width = document.documentElement.scrollWidth;
  if (width > innerWidth) out.push(`the page is ${width} wide`);
  for (const each of document.body.querySelectorAll("*")) {
    if (each.closest("pre, .scroll, .hidden-words, svg, details:not([open])")) continue;
    const box = each.getBoundingClientRect();
    if (box.width && (box.right > innerWidth + 1 || box.left < -1)) out.push(`${each.tagName}.${each.className}`);
  }
  return out;
}"""

# Texts whose contrast with what lies behind them is under 4.5 (WCAG AA).
FAINT = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = channels(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const colour = element.closest("svg") ? style.fill : style.color;
    const [a, b] = [light(channels(colour).slice(0, 3)), light(behind(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.add(`${element.tagName}.${element.className} ${colour}`);
  }
  return [...found];
}"""


@dataclass
class Opened:
    """A page and what happened in it."""

    page: Any
    happened: list[str] = field(default_factory=list)

    def sticking_out(self) -> list[str]:
        return list(self.page.evaluate(STICKING_OUT))

    def faint(self) -> list[str]:
        return list(self.page.evaluate(FAINT))


@contextlib.contextmanager
def opened(browser: Any, path: Path, width: int = 1400, **settings: Any) -> Iterator[Opened]:
    """Open a file. A dialog, a message, an error, a download, a new window or a request elsewhere is noted."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
    found = Opened(context.new_page())
    note = found.happened.append
    found.page.on("dialog", lambda dialog: (note(f"dialog {dialog.message}"), dialog.dismiss()))
    found.page.on("console", lambda message: note(f"console {message.text}"))
    found.page.on("pageerror", lambda error: note(f"error {error}"))
    found.page.on("download", lambda download: note(f"download {download.url}"))
    context.on("page", lambda page: note(f"window {page.url}"))
    context.on("request", lambda request: None if request.url.startswith("file:") else note(f"request {request.url}"))
    context.on("requestfailed", lambda request: note(f"stopped by {request.failure}: {request.url}"))
    try:
        found.page.goto(path.as_uri())
        yield found
    finally:
        context.close()
