"""A self-contained HTML page: templates, the style inside it, and the policy that lets nothing else run."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autograder.feedback.code import with_code
from autograder.feedback.plain import one_line, plain

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, styles: tuple[str, ...], scripts: tuple[str, ...] = (), **values: Any) -> str:
    """A page from a template. Only the named style sheets and scripts can take effect in it."""
    style, script = _inlined(styles), _inlined(scripts)
    return (
        environment()
        .get_template(template)
        .render(style=style, script=script, policy=content_policy(style, script), **values)
    )


def fragment(template: str, **values: Any) -> Markup:
    """A piece of a page, escaped like the rest of it, from a template of its own."""
    return Markup(environment().get_template(template).render(**values))


def content_policy(style: str, script: str) -> str:
    """A content security policy: no network, no image, no form; one style and at most one script, by their digests."""
    allowed = ["default-src 'none'", f"style-src '{_digest(style)}'"]
    if script:
        allowed.append(f"script-src '{_digest(script)}'")
    return "; ".join([*allowed, "base-uri 'none'", "form-action 'none'"])


@functools.cache
def environment() -> Environment:
    """The templates. What is no markup is made plain, then escaped, wherever it is put."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen,
    )
    found.filters |= {"one_line": one_line, "with_code": _with_code, "sentence": _sentence, "name": _name}
    return found


def _seen(value: Any) -> Any:
    """Every text that a template puts into a page passes here, so that none can be forgotten."""
    return plain(value) if type(value) is str else value


# Each page of a class names the same cases and the same slips.
@functools.lru_cache(maxsize=5_000)
def _with_code(text: str, limit: int = 600) -> Markup:
    return with_code(one_line(text, limit))


@functools.lru_cache(maxsize=5_000)
def _sentence(text: str, limit: int = 600) -> Markup:
    """Like _with_code, with a capital at the start: a reason is written to follow the name of its case."""
    line = one_line(text, limit)
    return with_code(line[:1].upper() + line[1:])


@functools.lru_cache(maxsize=5_000)
def _name(text: str) -> Markup:
    """The name of a question, which may be broken after an underscore."""
    return Markup("_<wbr>").join(one_line(text, 80).split("_"))


@functools.cache
def _inlined(names: tuple[str, ...]) -> Markup:
    """The text of style sheets or scripts. They are ours, so they are markup."""
    text = "\n".join((TEMPLATES / name).read_text(encoding="utf-8").strip() for name in names)
    assert "</" not in text, "a style sheet or script would end early"
    return Markup(text)


@functools.cache
def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
