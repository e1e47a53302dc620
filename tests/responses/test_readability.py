"""The plain measure of how a text reads, and the difference between two texts."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from petitions.responses.readability import measure
from petitions.responses.word_diff import differences


@pytest.fixture(autouse=True)
def _in_a_request(app_without_database: Flask):  # type: ignore[no-untyped-def]
    with app_without_database.test_request_context():
        yield


@pytest.mark.parametrize(
    ("text", "words", "sentences"),
    [
        ("", 0, 0),
        ("One two. Three!", 3, 2),
        ("A list:\n\n- one\n- two", 4, 3),
        ("It costs 3.5 million (see [the plan](https://plan.example.org/a.b)).", 8, 1),
        ("Don’t say well-known things.", 4, 1),
        ("## Why\n\nBecause. “Really?” Yes.", 4, 4),
    ],
)
def test_it_counts_words_and_sentences(text: str, words: int, sentences: int) -> None:
    found = measure(text)
    assert (found.words, found.sentences) == (words, sentences)


def test_it_names_what_is_long() -> None:
    found = measure(
        "word " * 26 + ". Short. Notwithstanding incomprehensibilities, well-known-facts-of-life."
    )
    assert found.long_sentences == ("word word word word word word word word …",)
    assert found.long_words == ("incomprehensibilities", "notwithstanding")
    assert not found.is_easy
    assert "1 sentence is longer than 25 words" in found.sentence()


def test_short_sentences_are_easy() -> None:
    found = measure("We will do it. It begins in May.")
    assert found.is_easy
    assert found.sentence() == "Easy to read: 4 words to a sentence on average."


def test_a_difference_marks_what_went_and_what_came() -> None:
    marked = str(differences("We run buses.\nIn May.", "We run trains.\nIn May."))
    assert marked == (
        'We run <del><span class="hidden-text">removed: </span>buses.</del>'
        '<ins><span class="hidden-text">added: </span>trains.</ins><br>In May.'
    )


def test_a_difference_lets_no_markup_through() -> None:
    marked = str(differences("<script>alert(1)</script>", "<b>bold</b>"))
    assert "<script" not in marked
    assert "<b>" not in marked
    assert "&lt;script&gt;" in marked


@pytest.mark.parametrize("text", ["a " * 3000, "\n" * 6000, "ab " * 1500 + "ba " * 500])
def test_long_texts_of_few_words_are_compared_at_once(text: str) -> None:
    begun = time.process_time()
    differences(text, text[::-1])
    assert time.process_time() - begun < 2
