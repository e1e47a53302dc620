"""Backups of the first version of the file, with rows of JSON, still come back."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from petitions import audit
from petitions.extensions import db
from petitions.models import Petition, Signature
from petitions.upkeep import backing_up
from tests import build, invariants
from tests.databases import KINDS


def as_json(value: Any) -> Any:
    """A value that JSON has not, as the first version had it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    assert isinstance(value, date)
    return value.isoformat()


def write_as_the_first_version(file: Path) -> None:
    """A backup of the database as it is."""
    revision = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    lines: list[Any] = [{"format": "petitions-backup", "version": 1, "made_at": "2026-06-01T12:00:00+00:00"}]
    lines[0] |= {"revision": revision, "erasures": 0}
    numbers = {}
    for table in backing_up.tables():
        rows = db.session.execute(select(table).order_by(*table.primary_key.columns)).all()
        lines += [{"table": table.name, "columns": table.columns.keys()}, *map(list, rows)]
        numbers[table.name] = len(rows)
    content = b"".join(
        json.dumps(line, ensure_ascii=False, default=as_json).encode() + b"\n" for line in lines
    )
    end = {"rows": numbers, "sha256": hashlib.sha256(content).hexdigest()}
    file.write_bytes(gzip.compress(content + json.dumps(end).encode() + b"\n"))
    db.session.rollback()


def sealed_and_said() -> list[Any]:
    """What must be the same before and after."""
    found = [
        [tuple(row) for row in db.session.execute(select(model.__table__).order_by(model.id))]
        for model in (Petition, Signature)
    ]
    db.session.rollback()
    return found


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_then_comes_back(
    app: Flask, fresh: Callable[[str], Flask], tmp_path: Path, kind: str
) -> None:
    petition = build.open_petition(supporters=2)
    build.change(build.signature(petition), held_reason="a\tb\\n\n", signals=["ü", "\\"])
    file, before = tmp_path / "old.backup", sealed_and_said()
    write_as_the_first_version(file)
    restored = fresh(kind)
    with restored.app_context():
        result = restored.test_cli_runner().invoke(args=["restore", str(file), "--no-ledger"])
        assert result.exit_code == 0, result.output
        assert sealed_and_said() == before
        assert list(audit.verify()) == []
        invariants.check()
