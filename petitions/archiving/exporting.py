"""`flask petitions export`: writes the archive. Every file it wrote stands in SHA256SUMS.

`petitions.jsonl` holds every petition as the API gives it, without the petitioner's name; `flask petitions import` reads it.
Written into a folder that is empty or holds an earlier archive: what is there already is written anew, and a page that the new
one has not is removed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import current_app, render_template
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from petitions import clock
from petitions.archiving import pages
from petitions.archiving.pages import LETTERS, STATES, Line, ListPage, Lists
from petitions.documents import licence, moment
from petitions.extensions import db, settings
from petitions.lifecycle import states_where
from petitions.models import Petition
from petitions.opendata.queries import petitions_in_batches, whole_items
from petitions.responses.queries import TimelineEvent, timeline
from petitions.templating import stylesheet_text

SUMS = "SHA256SUMS"
LINES = "petitions.jsonl"
MARK = "about.json"


class NotEmpty(Exception):
    """The folder holds something that is no archive."""


class Export:
    """One run into one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sums: dict[str, str] = {}
        self.lists = Lists()

    def run(self, further: Callable[[int], None]) -> int:
        """Write everything; `further` is told of petitions as they are written. Returns how many. Raises `NotEmpty`."""
        self._begin()
        # Words that lead to pages of the site are made as for a visitor, then left out or made relative.
        with current_app.test_request_context(base_url=settings().base_url):
            self._write_petitions(further)
            for page in (*self.lists.by_state(), *self.lists.by_letter()):
                self._write_list(page)
            self._write_front()
        self._write(MARK, json.dumps(self._about(), ensure_ascii=False, indent=1) + "\n")
        self._remove_left_over()
        sums = "".join(f"{self.sums[name]}  {name}\n" for name in sorted(self.sums))
        (self.folder / SUMS).write_text(sums, encoding="utf-8")
        return len(self.lists.lines)

    def _begin(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if any(self.folder.iterdir()) and not (self.folder / MARK).exists():
            raise NotEmpty(
                f"{self.folder} holds something else. Give an empty folder, or one with an earlier archive."
            )
        # First, so that a run that broke off can be made again.
        self._write(MARK, "{}\n")
        self._write("style.css", stylesheet_text())

    def _write_petitions(self, further: Callable[[int], None]) -> None:
        digest = sha256()
        parts = (selectinload(Petition.departments), selectinload(Petition.topics))
        with (self.folder / LINES).open("wb") as lines:
            for found in petitions_in_batches(*parts):
                for petition, item in zip(found, whole_items(found), strict=True):
                    line = json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                    lines.write(line)
                    digest.update(line)
                    self._write_petition(petition, item["attributes"])
                further(len(found))
        self.sums[LINES] = digest.hexdigest()

    def _write_petition(self, petition: Petition, attributes: dict[str, Any]) -> None:
        file = pages.petition_file(petition.id)
        self.lists.lines.append(
            Line(petition.id, petition.action, attributes["state"], petition.signature_count)
        )
        self._render(
            file,
            "archive/petition.html",
            petition=petition,
            item=attributes,
            events=[_inside(event) for event in timeline(petition)],
            list_file=pages.file_of(attributes["state"], 1),
        )

    def _write_list(self, page: ListPage) -> None:
        self._render(page.file, "archive/list.html", page=page, petition_file=pages.petition_file)

    def _write_front(self) -> None:
        states = [(state, pages.file_of(state, 1), self.lists.number_in(state)) for state in STATES]
        letters = [(letter, pages.file_of(letter, 1)) for letter in LETTERS]
        self._render("index.html", "archive/front.html", states=states, letters=letters, made_at=clock.now())

    def _about(self) -> dict[str, Any]:
        return {
            "site": settings().site_name,
            "url": settings().base_url,
            "made_at": moment(clock.now()),
            "petitions": len(self.lists.lines),
            "licence": licence(),
        }

    def _remove_left_over(self) -> None:
        """Remove pages of an earlier archive that were not written again: of petitions taken down since, of shorter lists."""
        for part in (pages.PETITIONS, pages.LISTS):
            for path in (self.folder / part).rglob("*.html"):
                if path.relative_to(self.folder).as_posix() not in self.sums:
                    path.unlink()

    def _render(self, file: str, template: str, **values: Any) -> None:
        self._write(file, render_template(template, root=pages.up(file), **values))

    def _write(self, file: str, content: str) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        written = content.encode()
        path.write_bytes(written)
        self.sums[file] = sha256(written).hexdigest()


def number_of_petitions() -> int:
    """How many petitions an archive has."""
    query = select(func.count()).select_from(Petition).where(Petition.state.in_(states_where("is_listed")))
    return db.session.execute(query).scalar_one()


def _inside(event: TimelineEvent) -> TimelineEvent:
    """An event whose link leads into the page itself, or out of the archive; never to a page of the site."""
    url = event.url or ""
    return event if url.startswith(("#", "http://", "https://")) else replace(event, url=None)
