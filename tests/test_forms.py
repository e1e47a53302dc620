"""What every form shares: numbers that a database can be asked about, texts that can be read."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired

from petitions.forms import PublicForm, WholeNumber, clean_line, clean_text, is_readable
from petitions.staff_fields import DayField


class NumberForm(PublicForm):
    """One number."""

    number = WholeNumber()


@pytest.mark.parametrize(
    ("typed", "read"), [("7", 7), (" 7 ", 7), ("0", 0), ("2147483647", 2**31 - 1), ("", None)]
)
def test_a_number_is_read(app_without_database: Flask, typed: str, read: int | None) -> None:
    with app_without_database.test_request_context("/"):
        form = NumberForm(MultiDict({"number": typed}))
        assert form.validate()
        assert form.number.data == read


@pytest.mark.parametrize("typed", ["2147483648", "9" * 400, "-1", "1e3", "1.0", "٧", "seven", "1_0", "\x00"])
def test_what_is_no_row_number_is_refused_with_what_to_type(app_without_database: Flask, typed: str) -> None:
    with app_without_database.test_request_context("/"):
        form = NumberForm(MultiDict({"number": typed}))
        assert not form.validate()
        assert form.number.errors == ["Enter a whole number in digits."]
        assert form.number.data is None


@pytest.mark.parametrize(
    "name",
    [
        "O'Neil",
        "Nguyễn Thị Ánh",
        "محمد",
        "李小龍",
        "Ó Séaghdha",
        "می‌خواهم",
        "नमस्ते",
        "👩‍👩‍👧",
        "Ana-María",
        "Ž",
    ],
)
def test_names_of_all_scripts_can_be_read(name: str) -> None:
    assert is_readable(clean_line(name))
    assert is_readable(clean_text(name))


class DaysForm(PublicForm):
    """A day of this century, and one that may be older."""

    decided_on = DayField("Day", [InputRequired("Enter the day.")])
    opens_on = DayField("Day", [InputRequired("Enter the day.")], first_year=1800)


@pytest.mark.parametrize("typed", ["", " ", "\t \n", "\u3000"])
def test_blanks_are_no_day(app_without_database: Flask, typed: str) -> None:
    with app_without_database.test_request_context("/"):
        form = DaysForm(MultiDict({"decided_on": typed, "opens_on": typed}))
        assert not form.validate()
        assert form.errors == {"decided_on": ["Enter the day."], "opens_on": ["Enter the day."]}


@pytest.mark.parametrize("typed", ["0001-01-01", "9999-12-31", "1799-12-31", "2026W01", "2101-01-01"])
def test_a_day_with_which_nothing_can_be_reckoned_is_refused(app_without_database: Flask, typed: str) -> None:
    with app_without_database.test_request_context("/"):
        form = DaysForm(MultiDict({"decided_on": typed, "opens_on": typed}))
        assert not form.validate()
        assert set(form.errors) == {"decided_on", "opens_on"}
        assert DaysForm(MultiDict({"decided_on": "2026-12-09", "opens_on": "1801-01-01"})).validate()
