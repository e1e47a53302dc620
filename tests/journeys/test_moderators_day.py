"""A moderator's day: the queue, two who do not collide, words mended, questions asked and answered, templates, decisions."""

import pytest

from petitions.models import Staff
from petitions.permissions import Role
from tests import build
from tests.journeys import steps
from tests.journeys.people import Moderator, Petitioner, StaffPerson, Visitor
from tests.journeys.town import Town

pytestmark = pytest.mark.settings(supporters_needed=2, response_threshold=5, debate_threshold=8)

QUEUE = "/staff/queue"


@pytest.fixture
def idris(town: Town) -> Moderator:
    """A colleague of Mara's; is signed in."""
    row = build.staff(Role.MODERATOR, name="Idris Vale", email="idris@staff.example.org")
    idris = Moderator(town, row)
    idris.signs_in()
    return idris


@pytest.fixture
def noor(town: Town) -> StaffPerson:
    """Administers the site; is signed in."""
    row: Staff = build.staff(Role.ADMINISTRATOR, name="Noor Castellan", email="noor@staff.example.org")
    noor = StaffPerson(town, row)
    noor.signs_in()
    return noor


def test_a_moderators_day(
    town: Town, ines: Petitioner, mara: Moderator, idris: Moderator, noor: StaffPerson, anybody: Visitor
) -> None:
    noor.goes_to("/staff/settings")
    noor.follows("Templates of explanations")
    noor.follows("Add a template")
    noor.presses(
        "Add the template", title="Council", code="irrelevant", body="The town's council decides it."
    )
    steps.enters_review(ines)
    number = ines.petition_id

    # Mara takes it in hand; Idris sees that she has, and leaves it alone.
    mara.goes_to(QUEUE)
    mara.follows(steps.ACTION)
    mara.presses("Take it in hand")
    assert "You have this petition in hand" in mara.page.main
    assert "Mara Moderator" in idris.goes_to(QUEUE).main
    assert "Mara Moderator has this petition in hand" in idris.opens(number).main

    # She mends the words, tags it, tells her colleague, and asks what she must know.
    mara.changes_the_words(number, action="Light the path along the whole river")
    assert "2 versions of the words" in mara.page.main
    mara.presses("Add the tag", tag="Rivers")
    mara.presses("Add the note", body="The council may own a part of it.")
    mara.follows("Ask the petitioner…")
    mara.presses("Send the questions", questions="Who owns the path?")
    town.lets_the_worker_work()
    assert "Light the path" not in mara.goes_to(f"{QUEUE}?age=new").main.partition("Decided lately")[0]
    assert "With the petitioner since" in mara.goes_to(f"{QUEUE}?age=asked&tag=rivers").main
    assert "asked the petitioner a question" in anybody.sees_petition(number).main

    # Ines changes the text and answers.
    assert "Who owns the path?" in ines.mails()[-1]
    ines.opens_own_page()
    assert ines.page.heading == "The moderators have questions"
    ines.follows("Change the text")
    ines.presses("Save the text", background="Nobody dares to walk there after dark. The state owns it.")
    ines.follows("Answer the questions")
    ines.presses("Send the answer", answer="The state, since 1954.")
    assert ines.page.heading == "Your petition is being checked"

    # Back in the queue, Mara's colleague reads the answer, begins a refusal with the template, and thinks better of it.
    idris.goes_to(QUEUE)
    idris.follows("Light the path along the whole river")
    assert "The state, since 1954." in idris.page.main
    assert "The council may own a part of it." in idris.page.main
    idris.follows("Refuse…")
    idris.presses("Insert", template=idris_template(idris))
    assert "The town's council decides it." in idris.page.words
    idris.assigns(number)
    idris.publishes(number)
    assert "Who owns the path?" in idris.opens(number).main
    assert anybody.sees_petition(number).heading == "Light the path along the whole river"
    assert "Idris Vale" in mara.goes_to(QUEUE).main.partition("Decided lately")[2]

    # What the day left behind stands in the history, in order.
    told = mara.opens(number).main.partition("What happened")[2]
    newest_first = [
        "Published",
        "Departments or topics changed",
        "Questions answered",
        "Words changed",
        "Back to the petitioner with questions",
        "Note for colleagues added",
        "Tag added",
        "Taken in hand",
    ]
    places = [told.index(words) for words in newest_first]
    assert places == sorted(places)


def idris_template(idris: Moderator) -> str:
    """The value of the one template that is offered."""
    (field,) = [each for each in idris.page.form("template").fields if each.name == "template"]
    return next(value for value in field.options if value)


def test_what_is_set_for_petitions_to_come_leaves_the_published_ones_alone(
    town: Town, ines: Petitioner, mara: Moderator, noor: StaffPerson, anybody: Visitor
) -> None:
    steps.is_published(ines, mara)
    noor.goes_to("/staff/settings")
    noor.follows("Thresholds")
    noor.follows("5 signatures")
    noor.presses("Save", signatures="77", days="9", days_kind="working")
    assert "77 signatures" in noor.page.main
    assert "77" in anybody.goes_to("/petitions/start").main
    assert "9 working days" in anybody.goes_to("/").main
    signers = steps.signers(town)
    while steps.count_of(ines, ines.petition_id) < 5:
        next(signers).signs_and_confirms(ines.petition_id)
        town.lets_the_worker_work()
    assert "owes an answer by" in anybody.sees_petition(ines.petition_id).main
