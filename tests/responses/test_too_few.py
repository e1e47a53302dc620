"""From what is shown of months nobody works out what fewer than thirty said: attacked with fractions, on many tables."""

import random
from collections import Counter
from fractions import Fraction

import pytest

from petitions.responses.too_few import keep_back

ENOUGH = 30


def table(seed: int) -> dict[tuple[str, str, str], int]:
    """How many said something of each answer (of a department) in each month: few here, many there, often nobody."""
    chance = random.Random(seed)
    departments, months = chance.randint(1, 4), [f"m{number}" for number in range(chance.randint(1, 5))]
    found = {}
    for department in range(departments):
        for answer in range(chance.randint(1, 3)):
            for month in months:
                number = chance.choice([0, 0, 1, 7, 29, 30, 31, 60, 200])
                if number:
                    found[(f"a{department}.{answer}", f"d{department}", month)] = number
    answers: Counter[str] = Counter()
    for (answer_name, _, _), number in found.items():
        answers[answer_name] += number
    return {place: number for place, number in found.items() if answers[place[0]] >= ENOUGH}


def groups_of(places: dict[tuple[str, str, str], int]) -> dict[object, set[tuple[str, str, str]]]:
    """Every group that somebody may want to know of, as the places it is made of."""
    groups: dict[object, set[tuple[str, str, str]]] = {}
    for place in places:
        answer, department, month = place
        for name in (place, answer, department, month, (month, department), "all"):
            groups.setdefault(name, set()).add(place)
    return groups


def shown_of(places: dict[tuple[str, str, str], int]) -> tuple[set[object], set[object]]:
    """Which groups are public by the rule: those that always are, and the months that are not kept back."""
    groups = groups_of(places)
    numbers = {name: sum(places[place] for place in group) for name, group in groups.items()}
    months = {month for _, _, month in places}
    own = {(month, department) for _, department, month in places}
    sums = [("all", sorted(months))]
    sums += [(month, sorted(each for each in own if each[0] == month)) for month in months]
    sums += [
        (department, sorted(each for each in own if each[1] == department))
        for department in {department for _, department, _ in places}
    ]
    sums += [(name, sorted(groups[name])) for name in {answer for answer, _, _ in places} | own]
    always = {"all", *(answer for answer, _, _ in places), *(department for _, department, _ in places)}
    kept = keep_back(numbers, sums, [*months, *own], always, enough=ENOUGH)
    return always, (months | own) - kept


def span(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """The rows reduced to their leading ones."""
    reduced: list[list[Fraction]] = []
    for row in rows:
        left = remainder(row, reduced)
        lead = next((place for place, value in enumerate(left) if value), None)
        if lead is not None:
            reduced.append([value / left[lead] for value in left])
    return reduced


def remainder(row: list[Fraction], reduced: list[list[Fraction]]) -> list[Fraction]:
    """What the rows cannot make of a row."""
    for other in reduced:
        lead = next(place for place, value in enumerate(other) if value)
        times = row[lead]
        if times:
            row = [value - times * more for value, more in zip(row, other, strict=True)]
    return row


@pytest.mark.parametrize("seed", range(120))
def test_no_group_of_too_few_is_in_the_span_of_what_is_shown(seed: int) -> None:
    places = table(seed)
    groups, order = groups_of(places), list(places)
    if not places:
        return
    always, months = shown_of(places)

    def vector(members: set[tuple[str, str, str]]) -> list[Fraction]:
        return [Fraction(place in members) for place in order]

    public = always | months
    reduced = span([vector(groups[name]) for name in public])
    wanted = dict(groups)
    for whole in public:
        for kind in (months, {each for each in always if each != "all"}):
            parts = [groups[name] for name in kind if groups[name] < groups[whole]]
            wanted[("rest", whole, len(wanted))] = groups[whole] - set().union(*parts)
    for name, members in wanted.items():
        number = sum(places[place] for place in members)
        if 0 < number < ENOUGH:
            assert any(remainder(vector(members), reduced)), f"{name}: {number}"


def test_what_need_not_be_kept_back_is_shown() -> None:
    """A month of few hides one more, not all; two months of few that are enough together hide none."""
    one_answer = {("a", "d", month): number for month, number in (("1", 9), ("2", 31), ("3", 50), ("4", 90))}
    assert shown_of(one_answer)[1] == {"3", "4", ("3", "d"), ("4", "d")}
    two_small = {("a", "d", month): number for month, number in (("1", 9), ("2", 29), ("3", 50))}
    assert shown_of(two_small)[1] == {"3", ("3", "d")}
