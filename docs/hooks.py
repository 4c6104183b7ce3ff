"""What MkDocs does besides: CONTRIBUTING.md becomes a page, and wide tables scroll by themselves."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

CONTRIBUTING = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"  # where GitHub looks for it


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page; what it links to lies in docs/."""
    text = CONTRIBUTING.read_text(encoding="utf-8").replace("](docs/", "](")
    files.append(File.generated(config, "contributing.md", content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let the other pages find it there."""
    return markdown.replace("](../CONTRIBUTING.md", "](contributing.md")


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A box around each table. Boxes that scroll can be reached by keys too."""
    html = html.replace("<pre>", '<pre tabindex="0">')
    return html.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace("</table>", "</table></div>")
