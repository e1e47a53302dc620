"""A spreadsheet opens every table: the same columns and rows, every script, and no cell that reckons. LibreOffice is asked."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask

from petitions.dumps import writing
from petitions.lifecycle import State
from tests import build, world
from tests.client import PageCheckingClient

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
#: Comma, double quotes, UTF-8, from the first line; formulas are reckoned where there are any (the 16th).
AS_CSV = "CSV:44,34,76,1,,0,false,true,false,false,false,-1,true,false,false,true"
#: What somebody might write to make a reader's spreadsheet reckon, and what some programs break.
TITLES = ("=1+1", "@SUM(1)", "+1", "-1+2", 'Say "no", and\nmean it; 是的 عربي ёлка')


@pytest.mark.database("sqlite")
def test_a_spreadsheet_opens_every_table(app: Flask, client: PageCheckingClient, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("no LibreOffice: install the package libreoffice-calc")
    tables = {path: client.get(path).get_data() for path in addresses(app)}
    assert len(tables) >= 11
    tables |= {file.name: file.read_bytes() for file in writing.write(date(2026, 1, 31)).glob("*.csv")}
    for number, content in enumerate(tables.values()):
        (tmp_path / f"{number}.csv").write_bytes(content)
    command = [program, f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", "--headless", f"--infilter={AS_CSV}",
               "--convert-to", "fods", "--outdir", str(tmp_path), *map(str, sorted(tmp_path.glob("*.csv")))]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    seen: set[str] = set()
    for number, (path, content) in enumerate(tables.items()):
        sheet = ElementTree.parse(tmp_path / f"{number}.fods").getroot()  # noqa: S314 - LibreOffice wrote it
        assert not [cell for cell in sheet.iter() if f"{TABLE}formula" in cell.attrib], path
        written = [row for row in csv.reader(io.StringIO(content.decode(), newline="")) if row]
        opened = [row for row in rows_of(sheet) if any(row)]
        assert [len(row) for row in written] == [len(written[0])] * len(written), path
        assert opened[0] == written[0], path
        assert len(opened) == len(written), path
        assert max(len(row) for row in opened) == len(written[0]), path
        seen |= {cell for row in opened for cell in row}
    assert {f"'{title}" for title in TITLES[:-1]} <= seen
    assert TITLES[-1] in seen


def addresses(app: Flask) -> list[str]:
    """Every address of the public that gives a table, of a world in which there is something to say."""
    found = world.make()
    petition = found.petitions[State.OPEN]
    for title in TITLES:
        build.open_petition(action=title)
    given = {
        "<int:petition_id>": str(petition),
        "<area>": build.place("Nørrebro", postcode_prefixes=("N1",)).slug,
    }
    paths = []
    for rule in app.url_map.iter_rules():
        path = rule.rule
        if path.endswith(".csv") and not path.startswith("/staff/"):
            for name, value in given.items():
                path = path.replace(name, value)
            assert "<" not in path, f"the test knows no value for {path}"
            paths.append(path)
    return sorted(paths)


def rows_of(sheet: ElementTree.Element) -> Iterator[list[str]]:
    """What stands in the cells, row by row, without the empty cells behind the last."""
    for row in sheet.iter(f"{TABLE}table-row"):
        cells: list[str] = []
        for cell in row.iter(f"{TABLE}table-cell"):
            text = "\n".join("".join(words.itertext()) for words in cell.findall(f"{TEXT}p"))
            cells += [text] * (int(cell.get(f"{TABLE}number-columns-repeated", 1)) if text else 1)
            if not text:
                cells += [""] * min(int(cell.get(f"{TABLE}number-columns-repeated", 1)) - 1, 100)
        while cells and not cells[-1]:
            cells.pop()
        yield cells
