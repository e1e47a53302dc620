"""Every message that the site sends can be read by staff before anybody gets it, in every language of the site."""

import pytest
from flask import Flask

from petitions.mail.message import KINDS
from petitions.postmaster import samples


def test_every_message_has_a_sample(app_without_database: Flask) -> None:
    """A new message needs a made-up case in `petitions/postmaster/samples/`."""
    assert set(samples.SAMPLES) == set(KINDS)


@pytest.mark.settings(languages="en,cy,de,ar")
def test_every_sample_can_be_read_in_every_language(app_without_database: Flask) -> None:
    with app_without_database.test_request_context():
        for kind in KINDS:
            for language in ("en", "cy", "de", "ar"):
                words = samples.words(kind, language)
                assert words.subject
                assert "\n" not in words.subject
                assert words.text.strip()
                assert f'lang="{language}"' in words.html
