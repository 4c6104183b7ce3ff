"""Takes CONTRIBUTING.md, which stands at the root for GitHub's sake, into the site as contributing.md."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

SOURCE = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page; what it links to lies in docs/."""
    text = SOURCE.read_text(encoding="utf-8").replace("](docs/", "](")
    files.append(File.generated(config, "contributing.md", content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let the other pages find it there."""
    return markdown.replace("](../CONTRIBUTING.md", "](contributing.md")
