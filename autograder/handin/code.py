"""What a cell's code says without being run: the names it binds and needs; magics and notebook calls taken out."""

from __future__ import annotations

import ast
import builtins
import functools
import itertools
import re
import symtable
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, cast

BUILTIN_NAMES = frozenset(dir(builtins))
CELL_MAGIC = re.compile(r"\A\s*%%(\w+).*\n?")
HARMLESS_CELL_MAGICS = {"time", "timeit", "capture", "prun"}
TIMED = re.compile(r"^(\s*(?:[\w, ]+=\s*)?)%(?:time|prun)\s+(?=[^-\s])")
LINE_MAGIC = re.compile(r"^(\s*)(?:%{1,2}[A-Za-z_].*|[!?].*|[\w.]+\?{1,2}\s*|(?:pip3?|conda|mamba)\s+\w+\s.*)$")
ASSIGNED_MAGIC = re.compile(r"^(\s*[\w, ]+=\s*)(?:%[A-Za-z_]|!).*$")
BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)
KEPT, KEPT_TREES = 1024, 128  # most cells of a class are as they were released, and each is looked at several times
LONGEST_KEPT = 8_000  # characters; longer pieces are read anew each time, or a hostile class would fill the memory
QUIET = threading.Lock()  # the filter of warnings belongs to all threads
NOTEBOOK_CALLS = {"check", "display", "get_ipython"}  # they exist in a notebook, not where answers are graded


Read = TypeVar("Read", bound=Callable[..., Any])


def kept(most: int) -> Callable[[Read], Read]:
    """Keep what was found out about that many short pieces of code."""

    def keep(read: Read) -> Read:
        remembered = functools.lru_cache(maxsize=most)(read)

        @functools.wraps(read)
        def look(source: str, *rest: str) -> Any:
            return (remembered if len(source) <= LONGEST_KEPT else read)(source, *rest)

        return cast(Read, look)

    return keep


@dataclass(frozen=True)
class Names:
    """Names of a cell: bound at its top level, needed while it runs, needed later when its functions are called."""

    binds: frozenset[str] = frozenset()
    now: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    star: bool = False  # imports everything from somewhere

    @property
    def needs(self) -> frozenset[str]:
        """All names that must come from elsewhere."""
        return self.now | self.later


@kept(KEPT)
def is_readable(source: str) -> bool:
    """Whether there is a syntax tree."""
    return parse(source) is not None


@kept(KEPT_TREES)
def parse(source: str) -> ast.Module | None:
    """The syntax tree, or None where there is none. It may be shared: look, don't change."""
    try:
        with QUIET, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a student's code, nobody at the grader can do anything
            return ast.parse(source)
    except BROKEN:
        return None


@kept(KEPT)
def names_in(source: str) -> Names:
    """The names of a piece of code. Broken code still names what it meant to define."""
    tree = parse(source)
    if tree is None:
        found = re.findall(r"^(?:async )?(?:def|class)\s+(\w+)", source, re.MULTILINE)
        return Names(binds=frozenset(found))
    bound: set[str] = set()
    now: set[str] = set()
    for statement in tree.body:
        now |= {name for name in _read_now(statement) if name not in bound}
        bound |= set(_bound(statement))
    read = _read_anywhere(source, tree)
    star = any(isinstance(each, ast.ImportFrom) and each.names[0].name == "*" for each in tree.body)
    return Names(frozenset(bound), frozenset(now) - BUILTIN_NAMES, frozenset(read - bound) - BUILTIN_NAMES, star)


def _read_anywhere(source: str, tree: ast.Module) -> set[str]:
    """Names that are looked up outside of functions, and not their own variables."""
    try:
        with QUIET, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tables = [symtable.symtable(source, "cell", "exec")]
    except BROKEN:
        return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    read: set[str] = set()
    while tables:
        table = tables.pop()
        top = table.get_type() == "module"
        read |= {each.get_name() for each in table.get_symbols() if each.is_referenced() and (top or each.is_global())}
        tables += table.get_children()
    return read


@kept(KEPT)
def define_alike(source: str, other: str, name: str) -> bool:
    """Whether two pieces of code define a name alike; layout and comments do not count."""
    one, two = _definition(source, name), _definition(other, name)
    return bool(one) and _alike(one, two)


def _definition(source: str, name: str) -> list[ast.stmt]:
    """What defines a name: the last function of the name.

    A value may be filled in after it was made, as a dict is entry by entry: then it is every statement that has to do
    with it.
    """
    tree = parse(source)
    found = [each for each in tree.body if name in _bound(each)] if tree else []
    if not tree or not found:
        return []
    if isinstance(found[-1], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return found[-1:]
    return [each for each in tree.body if _mentions(each, name)]


def _alike(one: object, other: object) -> bool:
    """Whether two parts of syntax trees are the same. It ends at the first difference, unlike a comparison of dumps."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, ast.AST):
        return all(_alike(getattr(one, field, None), getattr(other, field, None)) for field in one._fields)
    return one == other


def _mentions(statement: ast.stmt, name: str) -> bool:
    return name in _bound(statement) or any(
        isinstance(node, ast.Name) and node.id == name for node in ast.walk(statement)
    )


@kept(KEPT)
def is_empty(source: str, name: str) -> bool:
    """Whether all that a name's last definition says is its docstring, `pass` or that it is not written yet.

    What stands after that it is not written yet is never reached.
    """
    tree = parse(source)
    found = [each for each in tree.body if name in _bound(each)] if tree else []
    if not found or not isinstance(found[-1], ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    reached = itertools.takewhile(lambda each: not _says_unwritten(each), found[-1].body)
    return all(
        isinstance(each, ast.Pass) or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        for each in reached
    )


def _says_unwritten(statement: ast.stmt) -> bool:
    """Whether it is `raise NotImplementedError`, as in every stub."""
    return (
        isinstance(statement, ast.Raise)
        and statement.exc is not None
        and "NotImplementedError" in ast.dump(statement.exc)
    )


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement binds in its own scope, also inside if, for, with and try."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
        return
    if isinstance(statement, ast.Import | ast.ImportFrom):
        yield from ((alias.asname or alias.name).split(".")[0] for alias in statement.names)
        return
    for node in ast.iter_child_nodes(statement):
        if isinstance(node, ast.stmt):
            yield from _bound(node)
        elif isinstance(node, ast.ExceptHandler | ast.match_case):
            for inner in node.body:
                yield from _bound(inner)
        else:
            yield from _stored(node)


def _stored(node: ast.AST) -> Iterator[str]:
    """Names that an expression or a target binds; a comprehension's variables are its own."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    if not isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _stored(child)


def _read_now(node: ast.AST) -> Iterator[str]:
    """Names that are read when a statement runs: not those in the bodies of functions, which run later."""
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            yield each.id
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            stack += [*each.decorator_list, *each.args.defaults, *filter(None, each.args.kw_defaults)]
        elif isinstance(each, ast.Lambda):
            stack += [*each.args.defaults, *filter(None, each.args.kw_defaults)]
        else:
            if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name):
                yield each.target.id
            stack += ast.iter_child_nodes(each)


def plain_python(source: str) -> str | None:
    """A cell's source without magics, shell lines and notebook calls; None for a cell in another language."""
    return plain(source)[0]


@kept(KEPT)
def plain(source: str) -> tuple[str | None, str]:
    """A cell as plain Python, and what was mended: "magics", "tabs" or "".

    Lines keep their numbers, so that what a traceback says is true of the student's own cell.
    """
    mended = ""
    if magic := CELL_MAGIC.match(source):
        mended = "magics"
        if magic.group(1) not in HARMLESS_CELL_MAGICS:
            return None, mended
        source = "\n" + source[magic.end() :]
    tree = parse(source)
    if tree is None:
        lines = "\n".join(_plain_lines(source.split("\n")))
        mended = "magics" if lines != source else mended
        source, tree = lines, parse(lines)
    for width in (4, 8) if tree is None and "\t" in source else ():
        if tree is None and (tree := parse(source.expandtabs(width))):
            source, mended = source.expandtabs(width), "tabs"
    return (source if tree is None else _without_calls(source, tree)), mended


def _plain_lines(lines: list[str]) -> Iterator[str]:
    continued = False
    for line in lines:
        goes_on = line.rstrip().endswith("\\")
        if continued:  # the rest of a shell line
            yield ""
            continued = goes_on
        elif timed := TIMED.match(line):
            yield timed.group(1) + line[timed.end() :]
        elif magic := LINE_MAGIC.match(line):
            yield f"{magic.group(1)}pass"
            continued = goes_on
        elif assigned := ASSIGNED_MAGIC.match(line):
            yield f"{assigned.group(1)}None"
            continued = goes_on
        else:
            yield line


def _without_calls(source: str, tree: ast.Module) -> str:
    """The source without calls like check(conv2d) between its definitions: they would stop the cell halfway."""
    own = {name for statement in tree.body for name in _bound(statement)}
    calls = [each for each in tree.body if isinstance(each, ast.Expr) and _root(each.value) in NOTEBOOK_CALLS - own]
    if not calls or len(calls) == len(tree.body):
        return source
    lines = source.split("\n")
    for call in calls:
        first, last = call.lineno, call.end_lineno or call.lineno
        sharing = [each for each in tree.body if each.lineno <= last and (each.end_lineno or 0) >= first]
        if sharing == [call]:
            lines[first - 1 : last] = ["pass", *[""] * (last - first)]
    return "\n".join(lines)


def _root(node: ast.expr) -> str:
    """The name that a chain of calls and attributes begins with."""
    called = False
    while isinstance(node, ast.Call | ast.Attribute):
        called = called or isinstance(node, ast.Call)
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if called and isinstance(node, ast.Name) else ""
