"""docs/operating.md and the alarms speak of what there is: figures, commands, options, files; and every alarm has its advice."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from petitions import work_totals
from petitions.operations import heartbeats
from tests.client import PageCheckingClient

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/operating.md").read_text()
ALARMS = (ROOT / "deploy/prometheus/alerts.yml").read_text()
FIGURE = re.compile(r"petitions_[a-z_]+")


def commands_in(text: str) -> set[tuple[str, ...]]:
    """Every `flask …` of a text, as words: names of commands, then whatever follows on its line or in its quotes."""
    lines = re.findall(
        r"(?:^|[\s`])flask ((?:[a-z][a-z-]*|--[a-z-]+|[A-Za-z@./_0-9-]+)(?: [^\s`'&|#;]+)*)", text
    )
    return {tuple(line.rstrip(".,:").split()) for line in lines}


@pytest.mark.database("sqlite")
def test_every_figure_in_an_alarm_is_there(app: Flask, client: PageCheckingClient) -> None:
    heartbeats.Pulse().beat()
    for name in (work_totals.BACKED_UP_AT, work_totals.VERIFIED_AT):
        work_totals.note_time(name)
    work_totals.note(work_totals.VERIFIED_BROKEN, 0)
    said = client.get("/metrics").text
    there = set(re.findall(r"^# TYPE (petitions_[a-z_]+)", said, re.M))
    named = {re.sub(r"_(?:bucket|count|sum)$", "", each) for each in FIGURE.findall(ALARMS + GUIDE)}
    assert named - there == {"petitions_web", "petitions_new"}


def test_every_alarm_has_its_advice() -> None:
    alarms = re.findall(r"alert: (\w+)", ALARMS)
    section = GUIDE.partition("## The alarms")[2].partition("## Bad days")[0]
    assert sorted(re.findall(r"^### (\w+)\n[\w`]", section, re.M)) == sorted(alarms)
    assert len(alarms) == len(set(alarms)) > 15


def test_every_command_in_the_guide_exists(app_without_database: Flask) -> None:
    found = commands_in(GUIDE)
    assert ("audit", "verify") in found
    for words in found:
        assert missing(app_without_database.cli, words) == "", words
    assert missing(app_without_database.cli, ("audit", "pray")) == "pray"
    assert missing(app_without_database.cli, ("recount", "--all")) == "--all"


def missing(command: click.Command, words: tuple[str, ...]) -> str:
    """The first word of a command line that there is no command or option for; nothing where all are there."""
    for word in words:
        if isinstance(command, click.Group):
            if word not in command.commands:
                return word
            command = command.commands[word]
        elif word.startswith("--") and word not in {o for each in command.params for o in each.opts}:
            return word
    return ""


def test_every_file_and_make_target_in_the_guide_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`(?:[A-Z]+=\d+ )?make ([a-z-]+)", GUIDE)) <= targets
    paths = re.findall(r"`((?:docs|deploy)/[\w./-]+)`", GUIDE)
    assert len(paths) > 4
    assert [each for each in paths if not (ROOT / each).exists()] == []
    settings = (ROOT / "config.py").read_text()
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", GUIDE))
    assert {each for each in named if f'"{each}"' not in settings} == set()


@pytest.mark.database("sqlite")
def test_every_staff_page_in_the_guide_exists(app: Flask) -> None:
    named = set(re.findall(r"`(/staff[a-z/-]*)`", GUIDE))
    assert len(named) > 4
    assert named - {rule.rule for rule in app.url_map.iter_rules()} == set()
