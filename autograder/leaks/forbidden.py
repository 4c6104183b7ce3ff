"""What a release must not hold: read from all masters and rubrics of the course, and from its secrets."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import SECRET_FILE, Course, LoadedAssignment
from autograder.leaks.decode import decodings
from autograder.leaks.fingerprints import Fingerprints, compact
from autograder.leaks.leak import Kind
from autograder.rubric.master import BEGIN, END, Master, Role, read_master, without_markers

CUT = re.compile(rf"[ \t]*{BEGIN}\n(.*?)[ \t]*{END}", re.DOTALL)
MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "BEGIN MARK SCHEME")
SKIPPED = {".git", ".venv", "node_modules", "__pycache__"}


@dataclass(frozen=True)
class Pages:
    """The hand-written sources of one assignment."""

    name: str
    master: Master
    rubric: tuple[Path, ...]


def pages_of(course: Course) -> list[Pages]:
    """The sources of every assignment. Nothing is run: a rubric may import Keras, or be half written."""
    found = []
    for name, notebook in course.notebooks().items():
        folder = course.solutions / name
        rubric = (path for path in sorted(folder.rglob("*.py")) if path.stem != notebook or path.parent != folder)
        found.append(Pages(name, read_master(folder / f"{notebook}.py"), tuple(rubric)))
    return found


def open_text(pages: Iterable[Pages]) -> str:
    """All that students may read of the masters: everything but what stands between the solution markers."""
    return "\n".join(CUT.sub("", cell.source) for each in pages for cell in each.master.cells)


def _solved_text(master: Master) -> str:
    """A master as one reads it solved, its text cells also as a page has them: there a tag can stand before a word."""
    from nbconvert.filters.markdown import markdown2html  # half a second, which only solutions need

    cells = [(cell.role in (Role.TEXT, Role.ANSWER), without_markers(cell.source)) for cell in master.cells]
    pages = [markdown2html(source) for is_text, source in cells if is_text]
    return "\n".join([*(source for _, source in cells), *pages])


def fingerprints(pages: Iterable[Pages], public: str, solved: Collection[str] = ()) -> Fingerprints:
    """Everything forbidden in the sources of a course, but for what is public. Of `solved` ones the solutions are."""
    known = Fingerprints(compact("\n".join(_readings(public))))
    for marker in MARKERS:
        known.add_name(Kind.SOLUTION, f"the marker {marker!r}", marker)
    for each in pages:
        if each.name not in solved:
            _add_master(known, each, strict=not solved)
        for path in each.rubric:
            _add_page(known, f"{each.name}/{path.name}", path.read_text(encoding="utf-8"))
    return known


def _readings(public: str, deeper: int = 2) -> list[str]:
    """A public text and what the scan will make of it, such as a hint without its markup."""
    found = [public]
    for _ in range(deeper):
        found += [each for text in found for _, each in decodings(text) if isinstance(each, str)]
    return list(dict.fromkeys(found))


def known_leaks(
    course: Course, assignments: Sequence[LoadedAssignment], public: Iterable[str], solved: bool = False
) -> Fingerprints:
    """What a release of these assignments must not hold; `public` is what students get besides the open text.

    Where solutions are released, those of these assignments are public too.
    """
    sources = pages_of(course)
    names = [assignment.name for assignment in assignments] if solved else []
    texts = [open_text(sources), *public, *(_solved_text(each.master) for each in sources if each.name in names)]
    known = fingerprints(sources, "\n".join(texts), names)
    for assignment in assignments:
        _add_edits(known, assignment)
    for secret in secrets_of(course):
        known.add_secret(secret)
    return known


def _add_edits(known: Fingerprints, assignment: LoadedAssignment) -> None:
    """The lines that known mistakes make of a solution's."""
    for question in assignment.rubric.questions:
        for mistake in question.mistakes:
            if mistake.edit:
                for line in assignment.reference.edited(question.name, mistake).splitlines():
                    known.add_line(Kind.MISTAKE, f"{question.name}: {mistake.name}", line)


def secrets_of(course: Course) -> Iterator[str]:
    """The secrets that fresh cases are drawn from: of the environment, of the course, of every class folder in it."""
    if given := os.environ.get("COURSE_SECRET"):
        yield given
    for folder, below, files in os.walk(course.root):
        depth = len(Path(folder).relative_to(course.root).parts)
        below[:] = [] if depth >= 3 else [name for name in below if name not in SKIPPED]
        for name in files:
            if name.startswith(SECRET_FILE):
                yield (Path(folder) / name).read_text(encoding="utf-8", errors="replace").strip()


def _add_master(known: Fingerprints, pages: Pages, strict: bool) -> None:
    for cell in pages.master.cells:
        if cell.role is Role.ANSWER:
            for body in CUT.findall(cell.source):
                known.add_prose(Kind.ANSWER, f"{pages.name}: {cell.answers}", body)
        elif cell.role is Role.SOLUTION:
            what = f"{pages.name}: {', '.join(cell.defines)}"
            body = "\n".join(CUT.findall(cell.source))
            known.add_solution(what, body, strict)
            for name in _made_up_names(cell.source.replace(BEGIN, "").replace(END, "")):
                known.add_name(Kind.SOLUTION, f"{what}, its name {name}", name)


def _made_up_names(source: str) -> Iterator[str]:
    """Names with an underscore that a source gives to what it makes: no word of a language looks so."""
    for node in ast.walk(ast.parse(source)):
        name = node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else getattr(node, "name", "")
        if isinstance(name, str) and "_" in name.strip("_"):
            yield name


def _add_page(known: Fingerprints, page: str, source: str) -> None:
    """A page of a rubric: mistakes with their sentences, right answers of another style, cases, marks."""
    tree = ast.parse(source)
    wrong, right = _used_as(tree, "by"), _used_as(tree, "variants")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Mistake":
            _add_mistake(known, page, source, node)
        elif isinstance(node, ast.keyword) and node.arg == "marks":
            for text in _texts(node.value):
                known.add_prose(Kind.ANSWER, page, text)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            kind = Kind.MISTAKE if node.name in wrong else Kind.SOLUTION if node.name in right else Kind.RUBRIC
            what, code = f"{page}: {node.name}", _segment(source, node)
            known.add_code(kind, what, code)
            if "_" in node.name.strip("_"):
                known.add_name(kind, what, node.name)
    for line in source.splitlines():
        if "(" in line:
            known.add_line(Kind.RUBRIC, page, line)


def _add_mistake(known: Fingerprints, page: str, source: str, call: ast.Call) -> None:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    name = next(_texts(call.args[0]), "") if call.args else next(_texts(given.get("name")), "")
    what = f"{page}: {name}"
    for text in _texts(given.get("say")):
        known.add_prose(Kind.SENTENCE, what, text)
    if len(name.split()) > 2:
        known.add_name(Kind.MISTAKE, what, name)
    for key in ("by", "edit"):
        if isinstance(given.get(key), ast.Lambda | ast.Tuple):
            known.add_code(Kind.MISTAKE, what, _segment(source, given[key]))


def _segment(source: str, node: ast.AST) -> str:
    """The lines of a node, from its first column to its last one."""
    first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
    lines = [line.encode() for line in source.splitlines()[first - 1 : last]]
    lines[-1] = lines[-1][: getattr(node, "end_col_offset", None)]
    lines[0] = lines[0][getattr(node, "col_offset", 0) :]
    return b"\n".join(lines).decode()


def _used_as(tree: ast.AST, keyword: str) -> set[str]:
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == keyword)
    return {node.id for value in found for node in ast.walk(value) if isinstance(node, ast.Name)}


def _texts(node: ast.AST | None) -> Iterator[str]:
    """The string constants in an expression, in order."""
    for each in ast.walk(node) if node else ():
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
