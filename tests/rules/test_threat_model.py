"""docs/threat-model.md names tests, modules, settings and commands that there are, and leaves no threat and no requirement out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache

import pytest

from config import Settings
from tests.rules.source import ROOT

pytestmark = pytest.mark.database("sqlite")

PAGE = (ROOT / "docs" / "threat-model.md").read_text()

#: How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; they are numbered from 1 on.
SECTIONS = {
    "V1.1": 2, "V1.2": 9, "V1.3": 11, "V1.4": 3, "V1.5": 2, "V2.1": 3, "V2.2": 3, "V2.3": 4, "V2.4": 1,
    "V3.2": 2, "V3.3": 4, "V3.4": 6, "V3.5": 5, "V3.7": 2, "V4.1": 3, "V4.2": 1, "V4.3": 2, "V4.4": 4,
    "V5.1": 1, "V5.2": 3, "V5.3": 2, "V5.4": 3, "V6.1": 3, "V6.2": 12, "V6.3": 4, "V6.4": 4, "V6.5": 5,
    "V6.6": 3, "V6.8": 4, "V7.1": 3, "V7.2": 4, "V7.3": 2, "V7.4": 5, "V7.5": 2, "V7.6": 2, "V8.1": 2,
    "V8.2": 3, "V8.3": 1, "V8.4": 1, "V9.1": 3, "V9.2": 4, "V10.1": 2, "V10.2": 2, "V10.3": 4, "V10.4": 11,
    "V10.5": 5, "V10.6": 2, "V10.7": 3, "V11.1": 2, "V11.2": 3, "V11.3": 3, "V11.4": 4, "V11.5": 1,
    "V11.6": 1, "V12.1": 3, "V12.2": 2, "V12.3": 4, "V13.1": 1, "V13.2": 5, "V13.3": 2, "V13.4": 5,
    "V14.1": 2, "V14.2": 4, "V14.3": 3, "V15.1": 3, "V15.2": 3, "V15.3": 7, "V16.1": 1, "V16.2": 5,
    "V16.3": 4, "V16.4": 3, "V16.5": 3, "V17.1": 1, "V17.2": 4, "V17.3": 2,
}  # fmt: skip
THREATS = 123
ROW = re.compile(
    r"^\| (?P<section>V\d+\.\d+)\.(?P<first>\d+)(?:–(?P<last>\d+))? \| [^|]+ \| (?P<answer>[^|]+) \|$"
)
STANDINGS = ("met: ", "met with ", "part: ", "not: ", "no: ", "no")

FOLDERS = ("petitions/", "tests/", "deploy/", "docs/", "templates/", "static/", "bench/")
FILES = {"README.md", "config.py", "pyproject.toml", "requirements.txt"}


def named(page: str) -> list[str]:
    """Whatever stands in code's letters."""
    return re.findall(r"`([^`\n]+)`", page)


@cache
def _text_of(path: str) -> str:
    return (ROOT / path).read_text()


def wrong(page: str) -> Iterator[str]:
    """Every name on a page that names nothing."""
    settings = {each.metadata["env"] for each in fields(Settings)}
    targets = set(re.findall(r"^([a-z-]+):", _text_of("Makefile"), re.M))
    for name in named(page):
        path, _, test = name.partition("::")
        if path in FILES or path.startswith(FOLDERS):
            if not (ROOT / path).exists() or (
                test and not re.search(rf"^def {test}\(", _text_of(path), re.M)
            ):
                yield name
        elif re.fullmatch(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", name):
            if name not in settings:
                yield name
        elif name.startswith("make ") and name.split()[1] not in targets:
            yield name


def answers(page: str) -> dict[str, str]:
    """What a page answers to each requirement."""
    found: dict[str, str] = {}
    for line in page.splitlines():
        if match := ROW.match(line):
            first = int(match["first"])
            for number in range(first, int(match["last"] or first) + 1):
                key = f"{match['section']}.{number}"
                assert key not in found, f"{key} is answered twice"
                found[key] = match["answer"]
    return found


def test_whatever_the_page_names_is_there() -> None:
    assert len([name for name in named(PAGE) if "::" in name]) > 200
    assert list(wrong(PAGE)) == []


@pytest.mark.parametrize(
    "name",
    ["tests/test_security.py::test_that_is_not_there", "petitions/nowhere.py", "NO_SETTING", "make nothing"],
)
def test_a_wrong_name_is_found(name: str) -> None:
    assert list(wrong(f"met: `petitions/security.py`, `{name}`")) == [name]


def test_every_requirement_of_levels_1_and_2_is_answered() -> None:
    wanted = {f"{section}.{number + 1}" for section, many in SECTIONS.items() for number in range(many)}
    assert len(wanted) == 253
    found = answers(PAGE)
    assert set(found) == wanted
    assert [key for key, answer in found.items() if not answer.startswith(STANDINGS)] == []


def test_what_is_not_met_stands_at_the_top() -> None:
    top = PAGE.partition("## What is protected")[0]
    short = {key for key, answer in answers(PAGE).items() if answer.startswith(("part: ", "not: "))}
    said = set()
    for section, first, last in re.findall(r"(V\d+\.\d+)\.(\d+)(?:–(\d+))?", top):
        said |= {f"{section}.{number}" for number in range(int(first), int(last or first) + 1)}
    assert said == short


def test_every_threat_has_its_line_and_its_test() -> None:
    lines = re.findall(r"^\| T(\d+) \|(.*)$", PAGE, re.M)
    assert [int(number) for number, _ in lines] == [*range(1, THREATS + 1)]
    assert [number for number, line in lines if "::test_" not in line] == []


def test_the_figures_in_the_introduction_are_those_of_the_tables() -> None:
    found = list(answers(PAGE).values())
    many = {kind: sum(each.startswith(kind) for each in found) for kind in ("met", "part", "not")}
    many["no"] = len(found) - sum(many.values())
    (said,) = re.findall(r"(\d+) are met, (\d+) in part, (\d+) not, (\d+) do not apply", PAGE)
    assert dict(zip(many, map(int, said), strict=True)) == many
