"""A migration must not stop a site that runs: on tables that are large by then only the safe forms are written.

What is safe and why: docs/decisions/migrations-while-the-site-runs.md.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from petitions.database import Base
from petitions.extensions import db
from petitions.operations import running
from tests.databases import MIGRATIONS

#: Written before the service had any data in the world.
BEFORE = {f"{number:04}" for number in range(1, 17)}
#: Tables that grow with the number of signers, or that every request reads.
LARGE = {
    "alerts",
    "audit_entries",
    "hour_counts",
    "mail_caps",
    "mails",
    "minute_counts",
    "origin_counts",
    "petition_texts",
    "petitions",
    "place_counts",
    "postcodes",
    "search_terms",
    "signatures",
    "webhook_deliveries",
}
CONSTRAINTS = {"create_check_constraint", "create_foreign_key"}
ALWAYS_SCANS = {"create_unique_constraint", "create_primary_key"}
WRITES = re.compile(
    r"\b(?:UPDATE|DELETE\s+FROM|ALTER\s+TABLE(?:\s+ONLY)?|CREATE\s+(?:UNIQUE\s+)?INDEX\s[^;]*?\sON)\s+\"?(\w+)",
    re.I,
)
SAFE_SQL = re.compile(r"\b(?:CONCURRENTLY|NOT VALID|VALIDATE CONSTRAINT)\b", re.I)


def unsafe(source: str) -> list[str]:
    """What a migration does on its way up that would keep a site waiting, one sentence each."""
    return list(_Look().module(ast.parse(source)))


class _Look:
    """Walks over a migration's tree; knows which name stands for which table and whether it is outside of a transaction."""

    def __init__(self) -> None:
        self.batches: dict[str, str] = {}

    def module(self, tree: ast.Module) -> Iterator[str]:
        for node in tree.body:
            if not (isinstance(node, ast.FunctionDef) and node.name == "downgrade"):
                yield from self.walk(node, outside=False)

    def walk(self, node: ast.AST, *, outside: bool) -> Iterator[str]:
        if isinstance(node, ast.With):
            for item in node.items:
                call = ast.unparse(item.context_expr)
                outside = outside or "autocommit_block" in call
                if "batch_alter_table" in call and isinstance(item.context_expr, ast.Call):
                    name = ast.unparse(item.optional_vars) if item.optional_vars else ""
                    self.batches[name] = _constant(item.context_expr.args[0])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            for problem in self.call(node, node.func, outside):
                yield f"line {node.lineno}: {problem}"
        for child in ast.iter_child_nodes(node):
            yield from self.walk(child, outside=outside)

    def call(self, node: ast.Call, function: ast.Attribute, outside: bool) -> Iterator[str]:
        owner, name = ast.unparse(function.value), function.attr
        given = {each.arg: ast.unparse(each.value) for each in node.keywords if each.arg}
        if owner == "op" and name == "execute":
            yield from _sql(ast.unparse(node.args[0]))
            return
        if owner == "op":
            position = 1 if name in {"create_index", *CONSTRAINTS, *ALWAYS_SCANS} else 0
            table = _constant(node.args[position]) if len(node.args) > position else ""
        elif owner in self.batches:
            table = self.batches[owner]
        else:
            return
        if table in LARGE:
            yield from _problems(name, node, given, outside)


def _problems(name: str, node: ast.Call, given: dict[str, str], outside: bool) -> Iterator[str]:
    if name == "create_index" and not (outside and given.get("postgresql_concurrently") == "True"):
        yield "an index of a large table is built concurrently, in op.get_context().autocommit_block()"
    if name == "add_column":
        column = ast.unparse(node.args[-1])
        default = re.search(r"server_default=(.*)", column)
        if "nullable=False" in column and default is None:
            yield "a new column of a large table is nullable, or has a constant server_default"
        if default is not None and re.search(r"\w\(\)", default[1]):
            yield "the default of a new column is constant: any other writes every row"
    if name == "alter_column" and (given.get("nullable") == "False" or "type_" in given):
        yield "NOT NULL is a check that is added NOT VALID and validated; a new type is a new column"
    if name in CONSTRAINTS and given.get("postgresql_not_valid") != "True":
        yield "a constraint of a large table is added NOT VALID, and validated in a migration of its own"
    if name in ALWAYS_SCANS:
        yield "what is unique in a large table is a unique index, built concurrently"


def _sql(statement: str) -> Iterator[str]:
    if not SAFE_SQL.search(statement):
        for table in WRITES.findall(statement):
            if table in LARGE:
                yield f"rows of {table} are changed by a worker in batches, not by a migration"


def _constant(node: ast.AST) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


def test_no_migration_keeps_a_large_site_waiting() -> None:
    found = {
        path.name: unsafe(path.read_text())
        for path in sorted(Path(MIGRATIONS, "versions").glob("0*.py"))
        if path.name[:4] not in BEFORE
    }
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_the_large_tables_are_tables() -> None:
    assert set(Base.metadata.tables) >= LARGE


BAD = (
    "op.create_index('ix', 'signatures', ['state'])",
    "op.create_index('ix', 'mails', ['state'], postgresql_concurrently=True)",
    "op.add_column('signatures', sa.Column('x', sa.Integer(), nullable=False))",
    "op.add_column('mails', sa.Column('x', sa.Uuid(), server_default=sa.text('gen_random_uuid()')))",
    "op.alter_column('signatures', 'country', nullable=False)",
    "op.alter_column('petitions', 'action', type_=sa.Text())",
    "op.create_check_constraint('ck', 'signatures', 'seat > 0')",
    "op.create_foreign_key('fk', 'mails', 'alerts', ['alert_id'], ['id'])",
    "op.create_unique_constraint('uq', 'signatures', ['petition_id'])",
    "with op.batch_alter_table('signatures') as batch: batch.create_check_constraint('ck', 'seat > 0')",
    "op.execute('UPDATE signatures SET seat = 1')",
    "op.execute(sa.text('ALTER TABLE mails ADD COLUMN x int'))",
    "op.execute('CREATE INDEX ix ON petitions (state)')",
)
GOOD = (
    "with op.get_context().autocommit_block():\n"
    "        op.create_index('ix', 'signatures', ['state'], postgresql_concurrently=True)",
    "op.create_index('ix', 'topics', ['name'])",
    "op.add_column('signatures', sa.Column('x', sa.Integer(), nullable=True))",
    "op.add_column('signatures', sa.Column('x', sa.Integer(), nullable=False, server_default='0'))",
    "op.create_check_constraint('ck', 'signatures', 'seat > 0', postgresql_not_valid=True)",
    "op.execute('ALTER TABLE signatures VALIDATE CONSTRAINT ck')",
    "op.create_table('signatures_by_day', sa.Column('x', sa.Integer(), nullable=False))",
    "op.execute('UPDATE topics SET name = 1')",
)


def test_the_rule_tells_unsafe_forms_from_safe_ones() -> None:
    for statement in BAD:
        assert unsafe(f"def upgrade():\n    {statement}\n"), statement
        assert not unsafe(f"def downgrade():\n    {statement}\n"), statement
    for statement in GOOD:
        assert unsafe(f"def upgrade():\n    {statement}\n") == [], statement


@pytest.mark.database("postgresql")
def test_a_migration_gives_up_on_a_lock_and_lets_the_site_go_on(app: Flask) -> None:
    db.session.remove()
    with db.engine.connect() as reader, db.engine.connect() as other:
        reader.execute(text("SELECT 1 FROM work_totals"))
        with pytest.raises(click.ClickException, match=r"4 times it waited 0\.2 seconds for a lock"):
            downgrade(directory=str(MIGRATIONS), revision="0013", x_arg=["lock_seconds=0.2"])
        # Nobody waits behind it, and the table is there.
        other.execute(text("SET LOCAL lock_timeout = 100"))
        assert other.execute(text("SELECT count(*) FROM work_totals")).scalar_one() == 0
    upgrade(directory=str(MIGRATIONS))


@pytest.mark.database("postgresql")
def test_an_index_that_was_broken_off_is_named_to_whoever_tries_again(app: Flask) -> None:
    name = "ix_petitions_state_closes_at"
    db.session.remove()
    downgrade(directory=str(MIGRATIONS), revision="0019")
    with db.engine.begin() as connection:
        connection.execute(text(f"CREATE INDEX {name} ON petitions (state)"))
        connection.execute(
            text("UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST(:name AS regclass)"),
            {"name": name},
        )
    with pytest.raises(click.ClickException, match=f"DROP INDEX CONCURRENTLY {name};"):
        upgrade(directory=str(MIGRATIONS))
    assert any(f"DROP INDEX CONCURRENTLY {name};" in each.sentence for each in running.schema())
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {name}"))
    upgrade(directory=str(MIGRATIONS))
    assert list(running.schema()) == []
