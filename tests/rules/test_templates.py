"""Every template compiles, and no word on a page escapes translation by being glued together."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.rules.source import ROOT

TEMPLATES = sorted(
    path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*") if path.is_file()
)


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_it_compiles(template: Path, app_without_database: Flask) -> None:
    app_without_database.jinja_env.get_template(str(template))


@pytest.mark.parametrize("template", [path for path in TEMPLATES if path.suffix == ".html"], ids=str)
def test_it_holds_to_the_content_policy(template: Path) -> None:
    text = (ROOT / "templates" / template).read_text()
    if template.parts[0] != "email":
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text), "no inline style and no inline script"
    assert "|safe" not in text.replace(" ", ""), "only petitions/markup.py says that HTML is safe"
