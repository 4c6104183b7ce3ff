"""Which code a recipe is made of, as a digest: when it changes, what was measured with it holds no more."""

from __future__ import annotations

import ast
import hashlib

from autograder.rubric.master import Master, Role, without_markers


def recipe_digest(master: Master, question: str) -> str:
    """A digest of the question's solution and of all the master's functions and values that it reaches."""
    parts = _definitions(master)
    reached: dict[str, str] = {}
    wanted = [question]
    while wanted:
        name = wanted.pop()
        if name in parts and name not in reached:
            node = parts[name]
            reached[name] = ast.dump(_without_docstrings(node))
            wanted += [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
    text = "\n".join(f"{name}: {reached[name]}" for name in sorted(reached))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _definitions(master: Master) -> dict[str, ast.stmt]:
    """What stands on the left margin, by name. Comments and layout are not part of it."""
    found: dict[str, ast.stmt] = {}
    for cell in master.cells:
        if cell.role in (Role.GIVEN, Role.SOLUTION):
            for node in ast.parse(without_markers(cell.source)).body:
                for name in _names(node):
                    found[name] = node
    return found


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)]
    return []


def _without_docstrings(node: ast.stmt) -> ast.stmt:
    copy = ast.parse(ast.unparse(node)).body[0]
    for each in ast.walk(copy):
        if isinstance(each, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(each) is not None:
            each.body = each.body[1:] or [ast.Pass()]
    return copy
