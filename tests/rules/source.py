"""The source of the service, parsed once, for the rules to walk over."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "petitions"


@dataclass(frozen=True)
class Module:
    """One file of the package: its dotted name, its lines and its tree."""

    name: str
    path: Path
    lines: int
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        """Whether it is an `__init__.py`."""
        return self.path.name == "__init__.py"

    def imports(self) -> Iterator[str]:
        """The dotted names of this project that it imports, anywhere in it; not those for type checkers alone."""
        for node in _walk_run_time(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names if alias.name.startswith("petitions"))
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("petitions"):
                assert node.module is not None
                for alias in node.names:
                    submodule = f"{node.module}.{alias.name}"
                    yield submodule if submodule in module_names() else node.module


def _walk_run_time(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if (
            isinstance(child, ast.If)
            and isinstance(child.test, ast.Name)
            and child.test.id == "TYPE_CHECKING"
        ):
            continue
        yield child
        yield from _walk_run_time(child)


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def module_names() -> frozenset[str]:
    """The dotted name of every module of the package."""
    return frozenset(_name(path) for path in PACKAGE.rglob("*.py"))


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text()
        found.append(Module(_name(path), path, len(text.splitlines()), ast.parse(text)))
    return tuple(found)
