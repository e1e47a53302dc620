"""What `flask doctor` asks about the keys: are they those by which this database was sealed and its mailboxes hashed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from petitions import mailboxes, secrecy
from petitions.extensions import settings
from petitions.models import Signature
from petitions.operations import probing
from petitions.operations.finding import Finding, advice, wrong

#: Rows of each table, the newest, whose sealed values are opened.
LOOKED_AT = 1000
#: Signatures, the newest, whose mailboxes are hashed again. What staff say of a mail domain changes the hashes of some later
#: ones, so one that fits is enough, and of very few nothing is said.
COMPARED, TOO_FEW = 100, 5


def keys() -> Iterator[Finding]:
    """Whether what was sealed lately can be opened."""
    known = {key.id for key in settings().data_keys}
    unopened = _unopened()
    missing = {key_id for key_id in unopened if key_id not in known}
    if missing:
        yield wrong(
            f"Personal data is sealed by keys that DATA_KEYS does not name: {', '.join(sorted(missing))}. Put them back behind"
            " the newest; without them nobody can be mailed."
        )
    for key_id in sorted(unopened.keys() & known):
        yield wrong(
            f"{unopened[key_id]} of the newest sealed values were sealed by a key {key_id}, and the {key_id} in DATA_KEYS does not"
            " open them: nobody of them can be mailed. Was it replaced? Put the one of before back under this name, and give"
            " a new one a name of its own."
        )
    if len(known) > 1:
        yield advice("DATA_KEYS names more than one key. flask keys status says which may be dropped.")


def _unopened() -> Counter[str]:
    """How many of the newest sealed values no key opens, by the name of the key that sealed them."""
    found: Counter[str] = Counter()
    with probing.connection() as connection:
        for each in secrecy.sealed_columns():
            (number,) = each.table.primary_key.columns
            newest = (
                select(each.table.c[each.column], each.table.c.row_key)
                .order_by(number.desc())
                .limit(LOOKED_AT)
            )
            for value, row_key in connection.execute(newest):
                if value is not None and not _opens(value, each.context + row_key):
                    found[secrecy.key_id_of(value)] += 1
    return found


def _opens(value: bytes, context: bytes) -> bool:
    try:
        secrecy.open_sealed(value, context)
    except secrecy.CannotOpen:
        return False
    return True


def hashes() -> Iterator[Finding]:
    """Whether a mailbox that signed is known again."""
    wanted = (
        select(Signature.petition_id, Signature.mailbox_hash, Signature.email_sealed, Signature.row_key)
        .where(Signature.mailbox_hash.is_not(None), Signature.email_sealed.is_not(None))
        .order_by(Signature.id.desc())
        .limit(COMPARED)
    )
    with probing.connection() as connection:
        rows = [(row, Signature.email.opened(row)) for row in connection.execute(wanted)]
    canonical = mailboxes.canonical_of(address for _, address in rows if address is not None)
    fits = [
        secrecy.mailbox_hash(row.petition_id, canonical[address]) == row.mailbox_hash
        for row, address in rows
        if address is not None
    ]
    if len(fits) >= TOO_FEW and not any(fits):
        yield wrong(
            "HASH_KEY is not the one by which people signed here: everybody could sign again, and whoever wants no more mail"
            " is not known. Put the first one back; it never changes."
        )
