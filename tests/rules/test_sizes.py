"""Modules and functions stay small enough to be read at one go."""

import ast
from statistics import median

from tests.rules.source import modules

LONGEST_MODULE = 300
MEDIAN_MODULE = 120
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 14


def function_lengths() -> dict[str, int]:
    """Lines of every function, by its name."""
    return {
        f"{module.name}.{node.name}:{node.lineno}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef)
    }


def test_no_module_is_long_and_most_are_short() -> None:
    lines = {module.name: module.lines for module in modules() if not module.is_package or module.lines}
    assert {name: length for name, length in lines.items() if length > LONGEST_MODULE} == {}
    assert median(lines.values()) <= MEDIAN_MODULE


def test_no_function_is_long_and_most_are_short() -> None:
    lengths = function_lengths()
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}
    assert median(lengths.values()) <= MEDIAN_FUNCTION


def test_every_public_thing_says_what_it_is_for() -> None:
    silent = [
        f"{module.name}.{node.name}"
        for module in modules()
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []
