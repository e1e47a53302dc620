"""The originals of real duplicates are found, as the site would have found them when each was written.

Every sixth of the 473 is asked here; `REPLAY_EVERY=1` asks all, and `make bench-similar` does it in every way, on both databases.
"""

import os

import pytest
from flask import Flask

from tests import replay
from tests.replay import Asking, Sizes

EVERY = int(os.environ.get("REPLAY_EVERY", "6"))
#: Of a hundred, from the title alone, and with the background. One in a hundred is left to the choice of every sixth.
BY_TITLE, BY_BOTH = 82, 87
LEFT_TO_CHANCE = 1 if EVERY > 1 else 0

pytestmark = pytest.mark.skipif(
    not replay.DUPLICATES.exists(), reason="the real petitions are not beside the project"
)


@pytest.mark.database("sqlite")
def test_the_original_of_a_duplicate_is_among_the_first_five(app: Flask) -> None:
    told = replay.petitions()
    asked = replay.questions(told)[::EVERY]
    how = Asking(moderated=False, sizes=Sizes.FINAL, undecided=True)
    answers = list(replay.replay(told, asked, how, recount_every=30))
    assert len(answers) == len(asked)
    assert 100 * sum(each.by_title for each in answers) / len(answers) >= BY_TITLE - LEFT_TO_CHANCE
    assert 100 * sum(each.by_both for each in answers) / len(answers) >= BY_BOTH - LEFT_TO_CHANCE
