"""The README's table of settings says what config.py says."""

from dataclasses import fields
from pathlib import Path

from config import Settings

README = Path(__file__).resolve().parents[2] / "README.md"


def row(env: str, default: str | None, meaning: str) -> str:
    """The table row of one setting."""
    shown = "must be given" if default is None else f"`{default}`" if default else "none"
    return f"| `{env}` | {shown} | {meaning} |"


def test_every_setting_has_its_row_in_the_readme() -> None:
    expected = [
        row(*(setting.metadata[key] for key in ("env", "default", "meaning"))) for setting in fields(Settings)
    ]
    written = [
        line
        for line in README.read_text().splitlines()
        if line.startswith("| `") and line.split("`")[1].isupper()
    ]
    assert written == expected
