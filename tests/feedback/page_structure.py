"""What a page is made of, as an HTML parser sees it: the tests compare it between harmless and hostile content."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "wbr", "br", "input", "img", "link", "hr", "base", "embed", "source"}
POINTING = ("href", "src", "action", "xlink:href", "formaction", "srcset", "data")


class Structure(HTMLParser):
    """Tags, attributes, values that matter, and whether every element was closed where it should be."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pairs: set[tuple[str, str]] = set()
        self.classes: set[str] = set()
        self.targets: set[str] = set()
        self.ids: list[str] = []
        self.scripts: list[str] = []
        self.words: list[str] = []
        self.other: list[str] = []
        self.open: list[str] = []
        self.balanced = True
        self.feed(page)
        self.close()
        self.balanced = self.balanced and not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pairs |= {(tag, ""), *((tag, name) for name, _ in attrs)}
        for name, value in attrs:
            if name == "class":
                self.classes |= set((value or "").split())
            if name == "id":
                self.ids.append(value or "")
            if name in POINTING:
                self.targets.add(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        self.balanced = self.balanced and bool(self.open) and self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        if inside == "script":
            self.scripts.append(data)
        elif inside != "style":
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)

    def unknown_decl(self, data: str) -> None:
        self.other.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)
