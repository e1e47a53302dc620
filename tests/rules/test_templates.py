"""Every template compiles, and none holds what the content policy forbids. The names of all that do not are in the message."""

import re
from collections.abc import Iterator

from flask import Flask
from jinja2 import TemplateError

from tests.rules.source import ROOT

TEMPLATES = sorted(
    path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*") if path.is_file()
)


def test_it_compiles(app_without_database: Flask) -> None:
    wrong = {}
    for template in TEMPLATES:
        try:
            app_without_database.jinja_env.get_template(str(template))
        except TemplateError as error:
            wrong[str(template)] = str(error)
    assert TEMPLATES
    assert wrong == {}


def test_it_holds_to_the_content_policy() -> None:
    wrong = {
        str(template): found
        for template in TEMPLATES
        if template.suffix == ".html"
        and (found := [*forbidden((ROOT / "templates" / template).read_text(), template.parts[0] != "email")])
    }
    assert wrong == {}


def forbidden(text: str, is_page: bool) -> Iterator[str]:
    """What a template may not hold. Mail programs know no sheet but the one in the message."""
    if is_page:
        yield from re.findall(r"\sstyle=|<style|\son[a-z]+=", text)
    # Only petitions/markup.py says that HTML is safe.
    yield from re.findall(r"\|\s*safe", text)


def test_what_is_forbidden_is_found() -> None:
    for text in ('<p style="x">', "<style>", '<a onclick="x">', "{{ a | safe }}"):
        assert list(forbidden(text, True))
    assert list(forbidden('<p style="x">', False)) == []
