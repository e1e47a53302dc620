"""The style sheets and the script keep their promises: small, logical, coloured by tokens alone."""

import gzip
import re
from pathlib import Path

import pytest

from petitions.templating import Assets

STATIC = Path(__file__).parents[2] / "static"
CSS = STATIC / "css"
ORDER = (CSS / "ORDER").read_text().split()
#: Sheets of one kind of page each, beside the common one: nobody loads them on a first visit.
OWN_SHEETS = sorted(f"pages/{path.name}" for path in CSS.glob("pages/*.css"))
PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right|top|bottom)\b|(?<![\w-])(?:left|right|top|bottom|width|height)\s*:|float:\s*(?:left|right)"
)
LARGEST_SHEET = 8_000
LARGEST_OWN_SHEET = 3_000
LARGEST_SCRIPT = 2_500


def test_every_sheet_is_served() -> None:
    """A sheet that ORDER forgets would never reach a page."""
    assert sorted(ORDER) == sorted(path.name for path in CSS.glob("*.css"))


def test_the_sheet_is_small() -> None:
    """A first visit weighs at most 30 kB; the sheet takes no more than its part of it."""
    served = Assets(STATIC).stylesheet
    assert b"/*" not in served
    assert len(gzip.compress(served, 9)) <= LARGEST_SHEET


@pytest.mark.parametrize("name", OWN_SHEETS)
def test_a_sheet_of_its_own_is_small_and_used(name: str) -> None:
    """A page that loads one more sheet still opens at once."""
    assert len(gzip.compress((CSS / name).read_bytes(), 9)) <= LARGEST_OWN_SHEET
    templates = STATIC.parent / "templates"
    assert any(f"css/{name}" in path.read_text() for path in templates.rglob("*.html"))


def test_the_script_is_small() -> None:
    """The script only adds to pages that work without it."""
    assert len(gzip.compress((STATIC / "js" / "enhance.js").read_bytes(), 9)) <= LARGEST_SCRIPT


@pytest.mark.parametrize("name", [*ORDER, *OWN_SHEETS])
def test_only_logical_directions(name: str) -> None:
    """Left and right are the reader's: a right-to-left page needs no sheet of its own."""
    assert PHYSICAL.findall((CSS / name).read_text()) == []


@pytest.mark.parametrize(
    "name", [name for name in [*ORDER, *OWN_SHEETS] if name not in {"tokens.css", "print.css"}]
)
def test_colours_are_tokens(name: str) -> None:
    """A body changes its colours in one place, and dark pages follow."""
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", (CSS / name).read_text()) == []
