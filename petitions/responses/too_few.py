"""Keeps back figures of months from which the opinions of fewer than thirty signers could be worked out.

That a month in which few spoke is left out does not hide it: all opinions less those of the other months are its own. So
of what is shown some more is left out, the least first, until no reader with a pencil can find a group of fewer, whether
it is one month, one month of one department or of one answer, or what is left of a whole when all its known parts are
taken away.

What is known: the figures of each answer, of each department and of all, and of every month that is shown. Each is a sum;
the readers' pencil is the elimination of unknowns from those sums. It is done with whole numbers modulo a large prime: a
group that can be worked out over the fractions can be so here. That nobody spoke somewhere counts as known. What one
reading shows is protected; whoever reads the totals every day sees them grow.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

Key = Hashable
#: A whole and its parts; the whole is the sum of all of them.
Sum = tuple[Key, Sequence[Key]]

PRIME = 2**61 - 1


def keep_back(
    numbers: Mapping[Key, int],
    sums: Sequence[Sum],
    shown: Iterable[Key],
    always: Iterable[Key],
    *,
    enough: int,
) -> set[Key]:
    """Which of `shown` are to be kept back. `numbers` has how many are behind each key, `always` the keys that are known
    whatever is kept back; of the others only those that are shown, and what can be worked out from them, are known."""
    kept = {key for key in shown if numbers[key] < enough}
    order = sorted(set(shown) - kept, key=lambda key: (numbers[key], repr(key)))
    while True:
        told = _touching_what_is_told(numbers, sums, {*always, *order}, enough)
        if not told:
            return kept
        least = next((key for key in order if key in told), None) or next(iter(order), None)
        if least is None:
            return kept
        kept.add(least)
        order.remove(least)


def _touching_what_is_told(
    numbers: Mapping[Key, int], sums: Sequence[Sum], known: set[Key], enough: int
) -> set[Key]:
    """Every key that has a part in a sum from which a group of too few can be worked out; empty: there is none."""
    real = [(whole, [part for part in parts if numbers[part]]) for whole, parts in sums if numbers[whole]]
    known = known | _worked_out(real, known)
    too_few = {key for key in known if 0 < numbers[key] < enough}
    touching: set[Key] = set()
    for whole, parts in real:
        rest = sum(numbers[part] for part in parts if part not in known)
        is_told = whole in known and 0 < rest < enough
        if is_told or whole in too_few or not too_few.isdisjoint(parts):
            touching |= {whole, *parts}
    return touching


def _worked_out(sums: Sequence[Sum], known: set[Key]) -> set[Key]:
    """The unknowns whose number follows from the sums: those that stand alone in a row of the reduced system."""
    rows: dict[Key, dict[Key, int]] = {}
    for whole, parts in sums:
        row = {key: 1 for key in parts if key not in known}
        if whole not in known:
            row[whole] = PRIME - 1
        for pivot in [key for key in row if key in rows]:
            _take_away(row, rows[pivot], row[pivot])
        if row:
            pivot = next(iter(row))
            inverse = pow(row[pivot], -1, PRIME)
            row = {key: value * inverse % PRIME for key, value in row.items()}
            for other in rows.values():
                if pivot in other:
                    _take_away(other, row, other[pivot])
            rows[pivot] = row
    return {pivot for pivot, row in rows.items() if len(row) == 1}


def _take_away(row: dict[Key, int], other: Mapping[Key, int], times: int) -> None:
    for key, value in other.items():
        left = (row.get(key, 0) - times * value) % PRIME
        if left:
            row[key] = left
        else:
            row.pop(key, None)
