"""Whether code can be seen to touch nothing outside of its own namespace, so that nothing of it stays behind.

Read from the syntax tree by lists of what is allowed; whatever is not on them counts as not contained. No secret and no
machine rests on this, only the jail holds code back. It tells where answers of one hand-in may run in one process
without one of them changing what another one gives.
"""

from __future__ import annotations

import ast
import builtins
import functools
import itertools
import math
from collections.abc import Iterable, Sequence
from types import ModuleType

import numpy as np

from autograder.handin.code import BUILTIN_NAMES, KEPT, kept, names_in, parse

MODULES = {"numpy", "numpy.linalg", "numpy.fft", "numpy.lib.stride_tricks", "math", "itertools", "functools"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BUILTINS = _words(
    """abs all any bool bytes callable complex dict divmod enumerate filter float frozenset int isinstance issubclass
    iter len list map max min next object pow print range repr reversed round set slice sorted str sum tuple zip
    NotImplemented Ellipsis"""
) | {name for name, each in vars(builtins).items() if isinstance(each, type) and issubclass(each, Exception)}
# What of NumPy keeps a state, opens files, reaches over the ends of arrays, or can be filled in for all to see.
NOT_OF_NUMPY = _words(
    """seterr seterrcall geterr geterrcall errstate setbufsize getbufsize set_printoptions get_printoptions printoptions
    load save savez savez_compressed loadtxt savetxt genfromtxt fromfile fromregex memmap DataSource from_dlpack
    frombuffer ndarray require sctypeDict typecodes get_include info show_config show_runtime test
    bmat nditer nested_iters as_strided"""
)
NOT_OF_ARRAYS = _words("tofile dump dumps data ctypes base flags setflags setfield getfield resize")


def _public(owner: object) -> set[str]:
    return {name for name in dir(owner) if not name.startswith("_")}


def _parts(module: ModuleType) -> set[str]:
    """What a module offers, without other modules."""
    return {name for name in _public(module) & set(vars(module)) if not isinstance(vars(module)[name], ModuleType)}


_OF_VALUES = (np.ndarray, np.ufunc, dict, list, tuple, set, frozenset, str, bytes, int, float, complex, slice, range)
# One list for all attributes: from the text alone nobody can tell what a name stands for.
ATTRIBUTES = (
    {
        "linalg",
        "fft",
        "lib",
        "stride_tricks",
        "sliding_window_view",
        "reduce",
        "partial",
        "cache",
        "lru_cache",
    }.union(*map(_parts, (np, np.linalg, np.fft, math, itertools)))
    .union(*map(_public, _OF_VALUES))
    .difference(NOT_OF_NUMPY, NOT_OF_ARRAYS)
)
NODES = (
    ast.Name, ast.Attribute, ast.Import, ast.ImportFrom, ast.Module, ast.FunctionDef, ast.arguments, ast.arg,
    ast.Return, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete, ast.For, ast.While, ast.If, ast.Raise, ast.Try,
    ast.ExceptHandler, ast.Assert, ast.Expr, ast.Pass, ast.Break, ast.Continue, ast.BoolOp, ast.NamedExpr, ast.BinOp,
    ast.UnaryOp, ast.Lambda, ast.IfExp, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
    ast.comprehension, ast.Yield, ast.Compare, ast.Call, ast.keyword, ast.FormattedValue, ast.JoinedStr, ast.Constant,
    ast.Subscript, ast.Starred, ast.List, ast.Tuple, ast.Slice,
)  # fmt: skip
# Of each kind of node that is allowed, where other nodes lie in it. Operators and the like are not looked at.
_PLAIN = _words(
    "ctx op ops id attr name arg kind n s type_comment type_ignores simple is_async conversion level module"
)
INSIDE = {kind: tuple(each for each in kind._fields if each not in _PLAIN) for kind in NODES}
INSIDE |= {ast.Constant: (), ast.Import: (), ast.ImportFrom: ()}


def are_contained(sources: Iterable[str], given: Sequence[str]) -> bool:
    """Whether a student's cells touch nothing that outlives them. The given cells are ours, and run before them."""
    barred = _own_names(tuple(given))
    return all(is_contained(each) and not names_in(each).needs & barred for each in sources)


@kept(KEPT)
def is_contained(source: str) -> bool:
    """Whether every part of a piece of code is on the lists."""
    tree = parse(source)
    if tree is None:
        return False
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind not in INSIDE or not _allowed(node):
            return False
        for place in INSIDE[kind]:
            below = getattr(node, place)
            if isinstance(below, list):
                stack += [each for each in below if each is not None]
            elif below is not None:
                stack.append(below)
    return True


@functools.lru_cache(maxsize=64)
def _own_names(given: tuple[str, ...]) -> frozenset[str]:
    """Names that given cells take from elsewhere, beside modules: what they stand for may outlive a namespace."""
    others = [each for each in given if not is_contained(each)]
    trees = [tree for tree in map(parse, others) if tree]
    imports = [node for tree in trees for node in tree.body if isinstance(node, ast.Import)]
    modules = {alias.asname or alias.name for node in imports for alias in node.names if alias.name in MODULES}
    return frozenset().union(*(names_in(each).binds for each in others)) - modules


def _allowed(node: ast.AST) -> bool:
    """Whether a node of an allowed kind names nothing that is not on the lists."""
    if isinstance(node, ast.Name):
        return not node.id.startswith("__") and (node.id not in BUILTIN_NAMES or node.id in BUILTINS)
    if isinstance(node, ast.Attribute):
        return isinstance(node.ctx, ast.Load) and node.attr in ATTRIBUTES
    if isinstance(node, ast.Import):
        return all(alias.name in MODULES for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        known = node.level == 0 and node.module in MODULES
        return known and all(alias.name in ATTRIBUTES for alias in node.names)
    return True
