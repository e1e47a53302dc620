"""The script for `pgbench` makes anew what is one person's own, and nothing else."""

from bench.transaction import Sent, _line, _value

KEYS = ("'81'", "'82'")


def test_what_is_equal_or_a_moment_stays() -> None:
    assert _value("'GB'", "'GB'", KEYS) == "'GB'"
    assert _value("'2026-06-01 12:00:00.1+00'", "'2026-06-01 12:00:01.2+00'", KEYS).startswith("'2026")
    assert _value("NULL", "NULL", KEYS) == "NULL"


def test_what_differs_is_made_anew() -> None:
    assert _value("'81'", "'82'", KEYS) == ":id"
    assert _value("'-5'", "'17'", KEYS) == ":n"
    assert ":n" in _value("'confirm:81:aa'", "'confirm:82:bb'", KEYS)
    assert _value(r"'\x00aa'", r"'\x00bb'", KEYS) == "decode(lpad(to_hex(:n::bigint), 4, '0'), 'hex')"


def test_a_new_signature_gives_its_number_to_what_follows() -> None:
    insert = Sent("INSERT INTO signatures (a) VALUES ($1) RETURNING signatures.id", {"1": "'x'"})
    assert _line(insert, insert, KEYS).endswith("RETURNING signatures.id \\gset\n")
    mail = Sent("INSERT INTO mails (b, c) VALUES ($1::INTEGER, $10)", {"1": "'81'", "10": "'k'"})
    other = Sent(mail.text, {"1": "'82'", "10": "'k'"})
    assert _line(mail, other, KEYS) == "INSERT INTO mails (b, c) VALUES (:id::INTEGER, 'k');\n"
