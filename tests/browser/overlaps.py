"""Texts, fields, buttons and drawings that lie on each other on a page."""

from __future__ import annotations

from typing import Any

# Boxes of text line by line, as far as they can be seen; two overlap when they share more than the air around letters.
OVERLAPS = """() => {
  const clips = (element) => {
    const found = [];
    for (let each = element; each && each !== document.body; each = each.parentElement)
      if (getComputedStyle(each).overflowX !== "visible") found.push(each.getBoundingClientRect());
    return found;
  };
  const seen = (box, within) => within.reduce((b, c) => ({
    left: Math.max(b.left, c.left), right: Math.min(b.right, c.right),
    top: Math.max(b.top, c.top), bottom: Math.min(b.bottom, c.bottom),
  }), { left: box.left, right: box.right, top: box.top, bottom: box.bottom });
  const boxes = [];
  const add = (box, element, words) => {
    if (box.right - box.left > 1 && box.bottom - box.top > 1) boxes.push({ ...box, element, words });
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !element.checkVisibility({ contentVisibilityAuto: true })) continue;
    if (element.closest(".hidden-words, script, style")) continue;
    const within = clips(element);
    const range = document.createRange();
    range.selectNodeContents(walk.currentNode);
    const words = walk.currentNode.data.trim().slice(0, 40);
    for (const box of range.getClientRects()) add(seen(box, within), element, words);
  }
  for (const element of document.querySelectorAll("input, svg"))
    if (element.checkVisibility()) add(seen(element.getBoundingClientRect(), clips(element)), element, element.tagName);
  boxes.sort((a, b) => a.top - b.top);
  const found = new Set();
  boxes.forEach((a, place) => {
    for (let other = place + 1; other < boxes.length && boxes[other].top < a.bottom; other++) {
      const b = boxes[other];
      if (a.element !== b.element && (a.element.contains(b.element) || b.element.contains(a.element))
          && (a.element.closest("svg") || b.element.closest("svg"))) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      const least = Math.min(a.bottom - a.top, b.bottom - b.top);
      if (across > 2 && down > 0.35 * least) found.add(`${a.words} | ${b.words}`);
    }
  });
  return [...found];
}"""


def overlapping(page: Any) -> list[str]:
    """Pairs that overlap: "one text | the other"."""
    return list(page.evaluate(OVERLAPS))
