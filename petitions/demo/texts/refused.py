"""Petitions that moderators refused, hid or took down. Hidden ones say nothing that could hurt anybody."""

from __future__ import annotations

from petitions.demo.story import Appealed, Refusal, Story

REFUSED = (
    Story(
        key="r-duplicate",
        action="Run buses at night in small towns",
        background="I finish work at eleven and the last bus left at eight. Small towns need night buses too.",
        details="My colleagues and I share one car between five. When it breaks, none of us can work.",
        creator="Cem Yıldız",
        state="rejected",
        started=15,
        in_review=12,
        refusal=Refusal(
            "duplicate",
            9,
            "There is already a petition that asks for this: “Guarantee a night bus to every town over 10,000 "
            "people”. Sign that one, and your signature counts there.",
            original="night-bus",
        ),
    ),
    Story(
        key="r-irrelevant",
        action="Move the Saturday market in Merrow back to the square",
        background="The market was moved to the car park behind the station. Nobody walks past it there and the "
        "flower seller has given up.",
        details="The square has stood empty on Saturdays since June.",
        creator="Nell Dunmore",
        state="rejected",
        started=61,
        in_review=57,
        refusal=Refusal(
            "irrelevant",
            50,
            "The town council of Merrow decides where its market stands; the Government and the Assembly cannot. "
            "The council takes petitions at its own office.",
        ),
        appeal=Appealed(
            made=47,
            reason="The council does not listen to us. We wrote to it twice and nobody answered. If the Government "
            "cannot move the market, it can tell the council to answer its letters.",
            decided=41,
            explanation="Your petition asks where the market stands, and that is for the council alone. You can "
            "start another that asks for a duty of councils to answer letters: that is for the Assembly.",
        ),
    ),
    Story(
        key="r-no-action",
        action="Something must be done about Mondays",
        background="Mondays come too soon after Sundays. Everybody agrees and nobody acts.",
        details="",
        creator="Hugh Clarke",
        state="rejected",
        started=47,
        in_review=43,
        refusal=Refusal(
            "no-action",
            38,
            "It is not clear what you ask the Government or the Assembly to do. You can start again and say which "
            "law or rule should change, and how.",
        ),
    ),
    Story(
        key="r-honours",
        action="Give the Order of the Lantern to the crew of the Ferryhaven lifeboat",
        background="In the February storm they went out four times in one night and brought eleven people home.",
        details="All nine are volunteers. The youngest is nineteen.",
        creator="Siobhán Gallchóir",
        state="rejected",
        started=84,
        in_review=80,
        refusal=Refusal(
            "honours",
            73,
            "Honours have a way of their own: anybody may propose a person to the Honours Office, which needs two "
            "letters of support. We cannot take petitions for them.",
        ),
    ),
    Story(
        key="r-fake-name",
        action="Open the palace gardens on Sundays",
        background="The gardens are paid for by everyone and seen by few. Open them on Sundays from April to October.",
        details="",
        creator="King Alfons the Ninth",
        state="rejected",
        started=33,
        in_review=30,
        refusal=Refusal(
            "fake-name",
            23,
            "A petition needs the real name of the person who starts it. You can start it again in your own name.",
        ),
    ),
    Story(
        key="r-foi",
        action="Tell us how much the new passport design cost",
        background="The passport has a new cover with a gull on it. How much did the design cost and who chose it?",
        details="",
        creator="Tolga Öztürk",
        state="rejected",
        started=41,
        in_review=37,
        refusal=Refusal(
            "foi",
            31,
            "This asks for information, not for action. Under the Openness Act any department must answer such a "
            "question within 30 days; write to the Department of the Interior.",
        ),
        appeal=Appealed(
            made=8,
            reason="I did write to the Department of the Interior, and the 30 days were over in September. I ask "
            "that the costs of every new passport be published without anybody asking.",
        ),
    ),
    Story(
        key="r-already",
        action="Let sixteen-year-olds give blood with a parent’s consent",
        background="Young people want to help and the blood banks are short every summer.",
        details="Our youth club has 40 volunteers.",
        creator="Mai Nguyễn",
        state="rejected",
        started=55,
        in_review=51,
        refusal=Refusal(
            "already-happening",
            45,
            "This is already so: since 1 March anybody of sixteen or over may give blood with a parent’s consent "
            "at every blood bank.",
        ),
    ),
    Story(
        key="r-other",
        action="Ring the bells of every town hall when Hopfield wins the cup",
        background="It has been forty-one years. We would like to be ready.",
        details="",
        creator="Signe Dahl",
        state="rejected",
        started=33,
        in_review=30,
        refusal=Refusal(
            "other",
            27,
            "You told us that it was started for a bet. The standards ask that a petition means what it asks for. "
            "If you do want the bells rung, start it again: it would be welcome.",
        ),
    ),
    Story(
        key="h-offensive",
        action="A petition whose words were not fit to print",
        background="This stands in for a text that insulted a group of people. The demo has no need of the real thing.",
        details="",
        creator="Rupert Fairley",
        state="hidden",
        started=25,
        in_review=22,
        refusal=Refusal("offensive", 20, "The text insults people for who they are. We do not publish that."),
    ),
    Story(
        key="h-personal",
        action="Reopen the case of the harbour warehouse fire",
        background="Ten years on, the families still do not know why the doors were locked. We ask for an inquiry.",
        details="This stands in for a text that was later changed to name a private person.",
        creator="Zdeňka Říha",
        state="hidden",
        started=70,
        in_review=66,
        published=59,
        count=231,
        department="interior",
        topics=("democracy",),
        refusal=Refusal(
            "personal", 30, "The text named a private person who is not accused of anything by a court."
        ),
    ),
)
