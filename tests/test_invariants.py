"""What must be true is looked at: each kind of damage is found and its row named; what the database can, it refuses."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from petitions import audit, clock, invariants
from petitions.counts import counting
from petitions.database import transactional
from petitions.extensions import db, settings
from petitions.invariants.history import GUARDS, MOVED_TO
from petitions.lifecycle import State
from petitions.mail import outbox
from petitions.models import Duty, Petition, Signature, Staff
from petitions.moderation import actions as words
from petitions.moderation import decisions
from petitions.responses import house_pauses
from tests import build, keeping
from tests.invariants import check

pytestmark = pytest.mark.settings(response_threshold=4, debate_threshold=100)


@dataclass
class Site:
    """A petition that has crossed its first threshold, with all that belongs to it."""

    petition: Petition
    signature: Signature
    pending: Signature
    duty: Duty

    @property
    def numbers(self) -> dict[str, int]:
        """What a damage may name."""
        return {
            "petition": self.petition.id,
            "signature": self.signature.id,
            "pending": self.pending.id,
            "duty": self.duty.id,
        }


@pytest.fixture
def site(app: Flask) -> Site:
    """Everything about it is true."""
    numbers = keeping.kept_or_made(_make)
    row = db.session.get_one
    return Site(
        row(Petition, numbers["petition"]),
        row(Signature, numbers["signature"]),
        row(Signature, numbers["pending"]),
        row(Duty, numbers["duty"]),
    )


def _make() -> dict[str, int]:
    moderator, area = build.staff("moderator"), build.place()
    petition = build.review_petition(supporters=2)
    words.change_text(
        petition_id=petition.id,
        text_version=1,
        action="Open it",
        background="It is closed.",
        additional_details="",
        by=moderator,
    )
    for action in ("created", "confirmed", "supporters_found"):
        _move(action, petition)
    decisions.publish(petition_id=petition.id, text_version=2, by=moderator)
    signature = build.signatures(petition, 2, place=area)[-1]
    pending = build.signature(petition, state="pending", link_sent_at=None)
    _ask(pending)
    _take_back(moderator)
    build.work()
    return Site(petition, signature, pending, db.session.execute(select(Duty)).scalar_one()).numbers


@transactional
def _move(action: str, petition: Petition, **details: Any) -> None:
    audit.record(action, petition=petition, **details)


@transactional
def _ask(signature: Signature) -> None:
    outbox.queue("confirm_signature", key=f"confirm:{signature.id}:1", signature=signature, priority=0)


def _take_back(by: Staff) -> None:
    """A pause of the whole house that never came."""
    day = clock.today(settings().timezone) + timedelta(days=9)
    pause = house_pauses.pause_all(starts_on=day, ends_on=None, reason="Recess", by=by)
    house_pauses.withdraw_all(pause.id, by=by)


def damage(statement: str, **values: Any) -> None:
    """Change rows as nobody of the service would, past keys and triggers; on SQLite past the rules of the tables too."""
    db.session.rollback()
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            cursor = connection.connection.cursor()
            for pragma in ("foreign_keys = OFF", "ignore_check_constraints = ON"):
                cursor.execute(f"PRAGMA {pragma}")
            for guard in GUARDS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard}")
            connection.detach()
            connection.execute(text(statement), values)
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(statement), values)
        connection.commit()


def found(name: str) -> list[str]:
    """What one invariant finds."""
    db.session.rollback()
    return list(next(each for each in invariants.INVARIANTS if each.name == name).broken())


COPY = """INSERT INTO mails (key, kind, message_id, signature_id, petition_id, details, priority, state, created_at,
    due_at, attempts, finished_at, row_key) SELECT key || '-again', kind, message_id, signature_id, petition_id, details,
    priority, state, created_at, due_at, attempts, finished_at, row_key FROM mails WHERE kind = 'threshold_crossed'"""

CAMPAIGN = """INSERT INTO campaigns (petition_id, action, state, reason, last_signature_id, found, changed, created_at,
    staff_id, row_key) SELECT :petition, 'hold', 'done', 'Bots.', 0, 1, 1, created_at, id, 'x' FROM staff"""

#: What a mail was still to go to a moment ago was not to be removed yet.
MAILS_LONG_AGO = "; ".join(
    f"UPDATE {table} SET finished_at = '2001-01-01 00:00:00.000000' WHERE finished_at IS NOT NULL"
    for table in ("mails", "mailings")
)

FOLLOW_UP = """INSERT INTO duties (petition_id, threshold_key, owner_role, round, follow_up_reason, reached_at)
    SELECT petition_id, threshold_key, owner_role, 2, 'Why.', reached_at FROM duties WHERE id = :duty"""

#: A draft that is approved and waits, with what is put in for the rest of it.
ANSWER = """INSERT INTO responses (petition_id, duty_id, author_role, summary, body, draft_version, created_at,
    updated_at, approved_version, publish_at, published_at, responded_on)
    SELECT petition_id, id, 'official', 'We will.', 'Yes.', 2, reached_at, reached_at, {rest} FROM duties WHERE id = :duty"""

RATING = """INSERT INTO response_ratings (response_id, signer_hash, addressed, clear, rated_on)
    SELECT id, :hash, TRUE, TRUE, DATE('2026-11-20') FROM responses"""

EXTENSIONS = """INSERT INTO duty_extensions (duty_id, due_on, reason, by_overseer, created_at)
    VALUES (:duty, '2030-01-02', 'Why.', FALSE, '2029-01-01 00:00:00'),
    (:duty, '2030-01-03', 'Why.', FALSE, '2029-01-01 00:00:00')"""

ESCALATION = """INSERT INTO duty_escalations (duty_id, number, escalated_at, days_late)
    VALUES (:duty, 2, '2029-01-01 00:00:00', 14)"""

PAUSES = """INSERT INTO duty_pauses (duty_id, starts_on, ends_on, reason, created_at)
    VALUES (:duty, '2029-01-01', NULL, 'Why.', '2029-01-01 00:00:00'),
    (:duty, '2029-02-01', '2029-02-03', 'Why.', '2029-01-01 00:00:00')"""

TAKEN_BACK = """INSERT INTO duty_pauses (duty_id, starts_on, reason, created_at, house_pause_id)
    SELECT :duty, starts_on, reason, created_at, id FROM house_pauses"""

#: What is done to the rows, the invariant that it breaks, and what the sentence names.
#: An alert, and something that it found and told.
ALERT = (
    "INSERT INTO alerts (id, email_sealed, mailbox_hash, search, title, published, crossed, answered, rising, rhythm,"
    " created_at, confirmed_at, asked, seen_entry, mails, next_at, row_key)"
    " SELECT 7, :hash, :hash, '', 'All', action = action, action = action, action = action, action = action, 'daily',"
    " created_at, {confirmed}, 1, {seen}, {mails}, created_at, :hash FROM petitions WHERE id = :petition"
)
FOUND = (
    "; INSERT INTO alert_matches (alert_id, news, petition_id, entry, found_at, told_at, told_in)"
    " SELECT 7, 'answered', id, {entry}, created_at, created_at, {told} FROM petitions WHERE id = :petition"
)

DAMAGES: list[tuple[str, str, str]] = [
    (FOLLOW_UP, "better_answers_follow_an_answer", "of petition {petition} is round 2 without an answer"),
    (EXTENSIONS, "departments_move_a_date_once", "the department moved the date of duty {duty} 2 times"),
    (ESCALATION, "escalations_have_no_gaps", "duty {duty} has 1 escalations, the last of them number 2"),
    (PAUSES, "pauses_do_not_overlap", "of duty {duty} cover the same days"),
    (TAKEN_BACK, "what_was_taken_back_stops_no_clock", "was taken back and stops the clock of duty {duty}"),
    (
        "UPDATE petitions SET signature_count = signature_count + 1 WHERE id = :petition",
        "counts_are_the_counted_rows",
        "petition {petition} says 6, its rows say 5",
    ),
    (
        "UPDATE place_counts SET signature_count = 1",
        "places_add_up",
        "petition {petition}, place",
    ),
    (
        "DELETE FROM country_counts WHERE petition_id = :petition",
        "countries_add_up",
        "petition {petition}, GB: says 0 beyond what was imported, its rows say 5",
    ),
    (
        "UPDATE hour_counts SET signature_count = signature_count + 2",
        "hours_add_up",
        "petition {petition}, 20",
    ),
    (
        "UPDATE petitions SET closes_at = '2001-01-01 00:00:00.000000' WHERE id = :petition",
        "nobody_signs_too_late",
        "signature {signature} of petition {petition} is of",
    ),
    (
        "UPDATE petitions SET closes_at = '2001-01-01 00:00:00.000000' WHERE id = :petition",
        "nobody_confirms_too_late",
        "signature {signature} of petition {petition} was confirmed at",
    ),
    (
        "UPDATE petitions SET action = 'Close it' WHERE id = :petition",
        "words_are_those_of_a_version",
        "petition {petition} has other words than its version 2",
    ),
    (
        "UPDATE petitions SET text_version = 1 WHERE id = :petition",
        "words_are_those_of_a_version",
        "petition {petition} has other words than its version 1",
    ),
    (
        "UPDATE petition_texts SET created_at = '2101-01-01 00:00:00.000000' WHERE version = 2",
        "signed_words_were_there",
        "signature {signature} of petition {petition} is under version 2, which came later",
    ),
    (
        "UPDATE signatures SET counted_at = '2001-01-01 00:00:00.000000' WHERE id = :signature",
        "times_are_in_order",
        "signature {signature} of petition {petition} has times that are out of order",
    ),
    (
        "UPDATE signatures SET created_at = '2101-01-01 00:00:00.000000' WHERE id = :pending",
        "times_are_in_order",
        "signature {pending} of petition {petition} has times that are out of order",
    ),
    (
        "UPDATE signatures SET email_sealed = NULL WHERE id = :signature",
        "what_is_erased_is_gone",
        "signature {signature} of petition {petition} is erased, and not all of it",
    ),
    (
        "UPDATE petitions SET anonymised_at = opened_at, state = 'rejected', rejected_at = opened_at"
        " WHERE id = :petition",
        "names_leave_with_the_signatures",
        "petition {petition} was made anonymous and still names its petitioner",
    ),
    (
        "UPDATE signatures SET state = 'refused', seat = NULL, ended_at = created_at, email_sealed = NULL,"
        " name_sealed = NULL, domain_hash = NULL, network_hash = NULL WHERE id = :pending",
        "what_is_erased_is_gone",
        "signature {pending} of petition {petition} is erased, and not all of it",
    ),
    (
        f"{MAILS_LONG_AGO}; UPDATE signatures SET created_at = '2001-01-01 00:00:00.000000', link_sent_at = NULL"
        " WHERE id = :pending",
        "nothing_is_kept_too_long",
        "1 rows of signatures are kept too long (unconfirmed)",
    ),
    (
        "UPDATE petitions SET state = 'closed', closed_at = '2001-01-01 00:00:00.000000' WHERE id = :petition",
        "nothing_is_kept_too_long",
        "1 rows of petitions are kept too long (names)",
    ),
    (
        f"{MAILS_LONG_AGO}; UPDATE petitions SET state = 'rejected', rejected_at = '2001-01-01 00:00:00.000000'"
        " WHERE id = :petition",
        "nothing_is_kept_too_long",
        "1 rows of petitions are kept too long (anonymised)",
    ),
    (
        "UPDATE signatures SET counted_before = counted_at WHERE id = :signature",
        "what_was_taken_off_is_in_no_count",
        "signature {signature} of petition {petition} was taken off the count and is in it",
    ),
    (
        CAMPAIGN,
        "staff_work_is_in_the_history",
        "1 times campaign_begun, 0 lines in the history",
    ),
    (
        "INSERT INTO corrections (petition_id, change, reason, created_at, staff_id)"
        " SELECT :petition, -3, 'Bots.', created_at, id FROM staff",
        "corrections_are_in_the_history",
        "the history does not know who changed the count of petition {petition} by -3",
    ),
    (
        "INSERT INTO mail_caps (day, address_hash, moments) VALUES ('2026-01-01', :hash, '[1, 2, 3, 4, 5, 6]')",
        "no_mailbox_got_too_many_mails",
        "6 mails were caused at one mailbox on 2026-01-01",
    ),
    (
        "UPDATE mails SET kind = 'already_signed', signature_id = :pending",
        "no_mailbox_got_too_many_about_one",
        "about petition {petition} was one too many at its mailbox within 24 hours",
    ),
    (
        ALERT.format(confirmed="NULL", seen=0, mails=0),
        "who_was_asked_was_mailed",
        "alert 7 waits for its owner and has no mail",
    ),
    (
        ALERT.format(confirmed="created_at", seen=99_999, mails=0),
        "alerts_look_at_what_happened",
        "alert 7 has looked at line 99999 of the history, which has ",
    ),
    (
        ALERT.format(confirmed="created_at", seen=0, mails=1) + FOUND.format(entry=1, told=2),
        "what_was_told_was_told_in_a_mail",
        "alert 7 told something in its mail 2; it has had 1",
    ),
    (
        ALERT.format(confirmed="created_at", seen=0, mails=1) + FOUND.format(entry=99_999, told=1),
        "alerts_find_what_happened",
        "alert 7 found line 99999 of the history, which is none of petition {petition}",
    ),
    (
        ALERT.format(confirmed="created_at", seen=0, mails=0)
        + "; UPDATE mails SET kind = 'alert_news', alert_id = 7 WHERE id = (SELECT MIN(id) FROM mails)",
        "no_news_of_an_alert_is_lost",
        "alert 7 has had 0 mails, and 1 were queued",
    ),
    (
        "UPDATE minute_counts SET signature_count = 40",
        "minutes_add_up",
        "petition {petition}, ",
    ),
    (
        "UPDATE petition_thresholds SET signatures = 5 WHERE key = 'debate'",
        "reached_thresholds_are_crossed",
        "petition {petition} has 5 signatures and did not cross 5",
    ),
    (
        "UPDATE petition_thresholds SET signatures = 200 WHERE key = 'debate'",
        "thresholds_are_those_of_the_publication",
        "petition {petition}, threshold debate (200 signatures: debate) is not what the history says",
    ),
    (
        "UPDATE petition_thresholds SET days = 30, days_kind = 'working' WHERE key = 'response'",
        "thresholds_are_those_of_the_publication",
        "threshold response (4 signatures: response in 30 working days) is not",
    ),
    (
        "DELETE FROM petition_thresholds WHERE key = 'debate'",
        "thresholds_are_those_of_the_publication",
        "petition {petition}, threshold debate (100 signatures: debate) is not",
    ),
    (
        "INSERT INTO petition_thresholds (petition_id, key, signatures, duty, days_kind)"
        " VALUES (:petition, 'second', 2000, 'debate', 'calendar')",
        "thresholds_are_those_of_the_publication",
        "petition {petition}, threshold second (2000 signatures: debate) is not",
    ),
    (
        "UPDATE crossings SET signature_count = 3",
        "crossings_have_their_count",
        "petition {petition} crossed 4 with 3 signatures",
    ),
    (
        ANSWER.format(rest="NULL, NULL, reached_at, DATE('2026-11-20')"),
        "public_answers_are_their_newest_version",
        "is public, and its newest version says something else",
    ),
    (
        ANSWER.format(rest="NULL, reached_at, NULL, NULL"),
        "only_drafts_wait",
        "waits to be published, and should not",
    ),
    (
        ANSWER.format(rest="1, NULL, NULL, NULL"),
        "approvals_are_of_the_newest_draft",
        "draft 1 of answer",
    ),
    (
        "DELETE FROM crossings",
        "crossings_are_in_the_history",
        "petition {petition}, threshold response: 0 crossings, 1 lines in the history",
    ),
    (
        "UPDATE audit_entries SET action = 'threshold_crossed', details = '{\"threshold\": \"response\"}'"
        " WHERE action = 'text_changed'",
        "crossings_are_in_the_history",
        "petition {petition}, threshold response: 1 crossings, 2 lines in the history",
    ),
    (
        "DELETE FROM duties",
        "crossings_have_one_duty",
        "nobody owes anything for threshold response of petition {petition}",
    ),
    (
        "UPDATE duties SET due_on = NULL",
        "duties_have_their_date",
        "duty {duty} of petition {petition} has the date None",
    ),
    (
        "DELETE FROM mails WHERE kind = 'threshold_crossed'",
        "crossings_were_told",
        "nobody was told that petition {petition} reached threshold response",
    ),
    (
        COPY,
        "crossings_are_told_once",
        "somebody was told 2 times of one crossing of petition {petition}",
    ),
    (
        "DELETE FROM mails WHERE kind = 'confirm_signature'",
        "who_waits_was_mailed",
        "signature {pending} of petition {petition} waits and has no mail",
    ),
    (
        "UPDATE signatures SET link_sent_at = NULL WHERE id = :pending",
        "links_that_left_have_their_time",
        "but the link of signature {pending} has no time",
    ),
    (
        "UPDATE mails SET finished_at = NULL WHERE kind = 'confirm_signature'",
        "finished_mails_have_their_time",
        "is sent, its end is None",
    ),
    (
        "UPDATE mails SET kind = 'debate_outcome', signature_id = :signature",
        "nobody_is_mailed_the_same_twice",
        "the signer of signature {signature} was told",
    ),
    (
        "UPDATE petitions SET state = 'withdrawn', withdrawn_at = updated_at WHERE id = :petition",
        "states_are_what_the_history_says",
        "petition {petition} is withdrawn, but by line",
    ),
    (
        "UPDATE audit_entries SET action = 'lapsed' WHERE action = 'confirmed'",
        "moves_are_those_of_the_table",
        "(supporters_found) cannot follow lapsed",
    ),
    (
        "UPDATE audit_entries SET staff_id = NULL, actor = 'system' WHERE action = 'text_changed'",
        "staff_work_is_in_the_history",
        "1 times text_changed, 0 lines in the history",
    ),
    (
        "INSERT INTO rejections (petition_id, code, details, created_at, staff_id)"
        " SELECT :petition, 'irrelevant', '', created_at, id FROM staff",
        "refusals_are_in_the_history",
        "the history does not know who refused petition {petition}",
    ),
    (
        "UPDATE audit_entries SET actor = 'system' WHERE action = 'published'",
        "lines_say_who",
        "is by system, person",
    ),
    (
        "DELETE FROM crossings",
        "rows_that_are_named_are_there",
        "duties {duty} names a row of crossings that is not there",
    ),
]

#: As above, but PostgreSQL lets nobody past these.
IMPOSSIBLE: list[tuple[str, str, str]] = [
    (
        "UPDATE signatures SET state = 'held' WHERE id = :signature",
        "only_valid_signatures_are_counted",
        "signature {signature} of petition {petition} is held and counted",
    ),
    (
        "UPDATE signatures SET seat = 3, mailbox_hash = (SELECT mailbox_hash FROM signatures WHERE id = :signature)"
        " WHERE id = :pending",
        "mailboxes_have_their_seats",
        "a mailbox has 2 signatures on petition {petition}, signature {pending} the last",
    ),
    (
        "UPDATE signatures SET ended_at = NULL, state = 'withdrawn' WHERE id = :pending",
        "rows_keep_the_rules_of_their_table",
        "signatures {pending} breaks the rule",
    ),
    (
        "UPDATE petitions SET state = 'famous' WHERE id = :petition",
        "rows_keep_the_rules_of_their_table",
        "petitions {petition} breaks the rule",
    ),
]


@pytest.mark.parametrize(("statement", "name", "sentence"), DAMAGES)
def test_damage_is_found_and_named(site: Site, statement: str, name: str, sentence: str) -> None:
    numbers = site.numbers
    given = numbers | {"hash": bytes(32)}
    for each in statement.split(";"):
        damage(each, **{key: value for key, value in given.items() if f":{key}" in each})
    sentences = found(name)
    assert any(sentence.format(**numbers) in each for each in sentences), sentences


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(("statement", "name", "sentence"), IMPOSSIBLE)
def test_damage_that_the_rules_of_a_table_forbid_is_found(
    site: Site, statement: str, name: str, sentence: str
) -> None:
    test_damage_is_found_and_named(site, statement, name, sentence)


@pytest.mark.database("sqlite")
def test_a_lost_guard_is_found(site: Site) -> None:
    damage("DROP TRIGGER IF EXISTS crossings_refuse_delete")
    assert "the database has lost its guard crossings_refuse_delete" in found(
        "the_database_guards_the_history"
    )


@pytest.mark.database("postgresql")
def test_a_guard_that_was_switched_off_is_found(site: Site) -> None:
    db.session.rollback()
    with db.engine.connect() as connection, connection.begin() as changes:
        connection.execute(text("ALTER TABLE crossings DISABLE TRIGGER crossings_refuse_delete"))
        guard = next(each for each in invariants.INVARIANTS if each.name == "the_database_guards_the_history")
        assert [row.guard for row in connection.execute(guard.query())] == ["crossings_refuse_delete"]
        changes.rollback()


def test_a_campaign_that_changed_more_than_it_says_is_found(site: Site) -> None:
    damage(CAMPAIGN, petition=site.petition.id)
    damage(
        "INSERT INTO campaign_signatures (campaign_id, signature_id, state_before)"
        " SELECT campaigns.id, signatures.id, 'validated' FROM campaigns, signatures WHERE role = 'supporter'"
    )
    (sentence,) = found("campaigns_keep_their_books")
    assert f"of petition {site.petition.id} says 1 found and 1 changed, its list 2 and 2" in sentence


def test_more_ratings_than_signers_are_found(site: Site) -> None:
    damage(ANSWER.format(rest="NULL, NULL, NULL, NULL"), duty=site.duty.id)
    damage(RATING, hash=bytes(32))
    (sentence,) = found("ratings_are_of_signers")
    assert "has 1 ratings" in sentence, "nobody rates a draft"


def test_what_is_whole_is_found_whole(site: Site) -> None:
    check()


def test_every_invariant_is_tried() -> None:
    tried = {name for _, name, _ in DAMAGES + IMPOSSIBLE}
    others = {"nothing_valid_waits", "the_database_guards_the_history", "campaigns_keep_their_books"}
    others |= {"ratings_are_of_signers"}
    assert tried | others == {each.name for each in invariants.INVARIANTS}


def test_a_query_that_is_written_once_names_no_moment_and_no_setting(app: Flask, site: Site) -> None:
    def written() -> dict[str, str]:
        queries = {each.name: each.query() for each in invariants.INVARIANTS if not each.of_the_moment}
        forms = {name: query.compile(db.engine) for name, query in queries.items()}
        return {name: f"{form} {form.params}" for name, form in forms.items()}

    before, known = written(), settings()
    app.extensions["settings"] = replace(known, grace_hours=known.grace_hours + 999, confirm_days=99)
    with clock.fixed(clock.now() + timedelta(days=400, minutes=7)):
        assert written() == before


def test_what_waits_for_the_worker_is_wrong_only_at_rest(site: Site) -> None:
    waiting = build.signature(site.petition, counted=False)
    check(at_rest=False)
    with pytest.raises(
        AssertionError, match=f"signature {waiting.id} of petition .* is valid and not counted"
    ):
        check()
    counting.sweep()
    check()


def test_every_kind_of_move_is_known_to_the_history(app: Flask) -> None:
    assert set(MOVED_TO.values()) == set(State)


# --- What the database itself refuses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        # I2: a mailbox has one signature a seat, and two seats.
        "UPDATE signatures SET mailbox_hash = (SELECT mailbox_hash FROM signatures WHERE id = :signature)"
        " WHERE id = :pending",
        "UPDATE signatures SET seat = 3 WHERE id = :pending",
        "UPDATE signatures SET seat = NULL WHERE id = :pending",
        # I4, I5: one crossing, one duty.
        "INSERT INTO crossings SELECT * FROM crossings",
        "INSERT INTO duties (petition_id, threshold_key, owner_role, reached_at)"
        " SELECT petition_id, threshold_key, owner_role, reached_at FROM duties",
        # I5, I8: one mail of a key.
        "UPDATE mails SET key = 'the same'",
        # I10: states that are none, or lack what belongs to them.
        "UPDATE petitions SET state = 'famous' WHERE id = :petition",
        "UPDATE petitions SET state = 'withdrawn' WHERE id = :petition",
        "UPDATE petitions SET opened_at = NULL WHERE id = :petition",
        "UPDATE signatures SET state = 'held' WHERE id = :signature",
        "UPDATE signatures SET validated_at = NULL WHERE id = :signature",
        "UPDATE mails SET state = 'eaten'",
        # I12: words that were signed.
        "UPDATE petition_texts SET action = 'Close it'",
        "DELETE FROM petition_texts WHERE version = 2",
        # I14: history.
        "UPDATE audit_entries SET action = 'nothing' WHERE id = 1",
        "DELETE FROM audit_entries WHERE id = 1",
        "UPDATE crossings SET signature_count = 5",
        "DELETE FROM crossings",
    ],
)
def test_the_database_refuses(site: Site, statement: str) -> None:
    values = {key: value for key, value in site.numbers.items() if f":{key}" in statement}
    db.session.rollback()
    with pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.execute(text(statement), values)


# --- One snapshot -------------------------------------------------------------------------------------------------


def test_a_running_site_gives_no_false_alarm(site: Site) -> None:
    """Between the first look and the last another process signs and counts."""
    for each in invariants.INVARIANTS[1:]:
        assert not each.at_rest_only or each.name == "nothing_valid_waits"
    petition_id = site.petition.id
    with invariants.snapshot():
        first = list(invariants.INVARIANTS[0].broken())
        with db.engine.begin() as other:
            other.execute(
                text("UPDATE petitions SET signature_count = signature_count + 1 WHERE id = :id"),
                {"id": petition_id},
            )
        again = list(invariants.INVARIANTS[0].broken())
    assert first == again == []
    assert list(invariants.INVARIANTS[0].broken())


def test_verifying_writes_nothing(site: Site) -> None:
    db.session.rollback()
    written: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: written.append(given[2]))
    with invariants.snapshot():
        assert list(invariants.broken(at_rest=True)) == []
    assert [each for each in written if not each.lstrip().startswith(("BEGIN", "SELECT"))] == []


# --- The command --------------------------------------------------------------------------------------------------


def verify(app: Flask, *more: str) -> Any:
    """`flask audit verify`."""
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["audit", "verify", *more])


def test_the_command_names_what_is_wrong(app: Flask, site: Site) -> None:
    assert verify(app, "--at-rest").exit_code == 0
    damage("UPDATE petitions SET signature_count = 7 WHERE id = :id", id=site.petition.id)
    outcome = verify(app)
    assert outcome.exit_code == 1
    assert f"petition {site.petition.id} says 7, its rows say 5" in outcome.output
    assert "BROKEN once" in outcome.output


def test_the_command_names_twenty_and_counts_the_rest(app: Flask, site: Site) -> None:
    build.signatures(site.petition, 25, counted=False)
    assert verify(app).exit_code == 0
    outcome = verify(app, "--at-rest")
    assert outcome.exit_code == 1
    assert outcome.output.count("is valid and not counted") == 20
    assert "and 5 more" in outcome.output


def test_the_command_says_nothing_personal(app: Flask, site: Site) -> None:
    damage("UPDATE signatures SET email_sealed = NULL")
    outcome = verify(app)
    assert outcome.exit_code == 1
    for personal in ("Priya", "Signer", "Supporter", "example.org", build.POSTCODE):
        assert personal not in outcome.output
