"""Signing: the whole POST, beside a bare Flask POST that only reads the form, and `pgbench` sending the same SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from bench import content, people, transaction
from bench.load import Asked, asks, load, visitor
from bench.reckoning import Line, Round
from bench.rounds import Run, in_turns
from bench.site import HOST, Gunicorn, Site, site

TITLE = "Signing"
#: More than anybody can send in a second: the requests of a round are written down before.
MOST_A_SECOND = 4_000
#: A second: 2 000 a minute, on 20 and 21 March 2019.
RECORD = 33
#: Ten times the record of 2019, 2 000 a minute.
WANTED = 333
SIGNED_BY_ALL = (
    "SELECT count(*), (SELECT count(*) FROM mails JOIN signatures s ON s.id = mails.signature_id"
    " WHERE s.petition_id = {id} AND s.validated_at IS NULL AND mails.kind = 'confirm_signature')"
    " FROM signatures WHERE petition_id = {id} AND role = 'signer' AND state = 'pending' AND validated_at IS NULL"
)


def measure(run: Run) -> Iterator[Line]:
    """On PostgreSQL against both floors, and on SQLite against the bare form."""
    floor = Gunicorn(run.folder / "floor.log", {}, "bench.floors:app")
    try:
        for server in run.servers():
            with site(run.folder, "signing", server) as made:
                hot, other, *_ = content.petitions(made, 3)
                yield _against_flask(run, made, floor, hot)
                if server is not None:
                    yield _against_pgbench(run, made, hot, other)
    finally:
        floor.stop()


class Signers:
    """New people who sign one petition, and whether all that was answered is in the database, each with its mail."""

    def __init__(self, run: Run, made: Site, petition_id: int) -> None:
        self.run, self.made, self.petition_id = run, made, petition_id
        self.acknowledged = 0

    def __call__(self, seconds: float) -> Round:
        before = self._stored()
        sent = people.signing([self.petition_id], round(MOST_A_SECOND * max(1.0, seconds)))
        asked = asks(self.run.folder / "signing", sent, status=303, words="/signatures/thank-you", once=True)
        round_ = load(
            asked, self.made.port, seconds, web=self.made.pids(), database=self.made.database_pids()
        )
        rows, mails = (after - then for after, then in zip(self._stored(), before, strict=True))
        wrong = [f"{round_.done} people were thanked and {rows} are stored"] if rows < round_.done else []
        wrong += [f"{rows} are stored with {mails} mails"] if rows != mails else []
        return replace(round_, errors=(*round_.errors, *wrong))

    def _stored(self) -> tuple[int, int]:
        row = self.made.rows(SIGNED_BY_ALL.format(id=self.petition_id))[0]
        return row[0], row[1]


def _floor_form(run: Run) -> Asked:
    requests = (("POST", "/form", visitor(each), urlencode(people.form(each))) for each in range(1000))
    return asks(run.folder / "form", requests, status=303, words="/constant/")


def _against_flask(run: Run, made: Site, floor: Gunicorn, petition_id: int) -> Line:
    made.start()
    asked = _floor_form(run)
    line = in_turns(
        run,
        Line(f"sign POST, {made.kind}", floor="bare Flask that reads the form"),
        Signers(run, made, petition_id),
        lambda seconds: load(asked, floor.port, seconds, web=[floor.program.pid]),
    )
    line.wants("ratio", line.ratio, 0.15)
    line.wants("a second", line.rate, WANTED)
    return line


def _against_pgbench(run: Run, made: Site, petition_id: int, other: int) -> Line:
    made.stop()
    script = run.folder / "sign.sql"
    script.write_text(sign_script(made, other))
    made.start()
    line = in_turns(
        run,
        Line("sign POST, PostgreSQL", floor="pgbench, the same SQL"),
        Signers(run, made, petition_id),
        lambda seconds: transaction.pgbench(made, script, seconds),
    )
    line.wants("ratio", line.ratio, 0.40)
    line.notes.append(f"the transaction has {len(script.read_text().splitlines()) - 1} statements")
    return line


def sign_script(made: Site, petition_id: int) -> str:
    """What signing sends to PostgreSQL. Nothing else may use the server meanwhile."""
    with made.app.app_context():
        client = made.app.test_client()

    def sign(_: int) -> None:
        number = next(people.numbers)
        answer = client.post(
            f"/petitions/{petition_id}/signatures/new", data=people.form(number), base_url=f"https://{HOST}",
            headers={"X-Forwarded-For": visitor(number)},
        )  # fmt: skip
        assert answer.status_code == 303, answer.status_code

    newest = f"SELECT max(id) FROM signatures WHERE petition_id = {petition_id}"
    return transaction.script_of(made, sign, key_of=lambda: int(made.rows(newest)[0][0]))
