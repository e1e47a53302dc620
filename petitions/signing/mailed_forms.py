"""Questions behind the links in mails.

A program that presses every button it finds chooses nothing, so what no program may do has to be chosen first. Of several
answers the first and the last change nothing, for programs that choose one, or each in turn, before they press.
"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired

from petitions.forms import NAME_LIMIT, AtMost, NoLink, PublicForm, Readable, clean_line
from petitions.models import Signature
from petitions.signing import own_signature
from petitions.signing.own_signature import Mails

CHOOSE = _l("Choose one of the answers.")


class ChoiceForm(PublicForm):
    """One question with several answers; `show` says which, and which is chosen so far."""

    choice = RadioField("", [DataRequired(CHOOSE)], validate_choice=True)

    @classmethod
    def asking(cls, label: str, answers: list[tuple[str, str]], chosen: str | None = None) -> ChoiceForm:
        """The question, filled from what was posted."""
        form = cls.from_request(choice=chosen)
        assert isinstance(form, ChoiceForm)
        form.choice.label.text = label
        form.choice.choices = answers
        return form


def after_refusal(signature: Signature, *, can_undo: bool) -> ChoiceForm:
    """Whether "this wasn't me" is right, and whether this site may write to the mailbox at all."""
    answers = [("leave", _("Yes, it was not me"))]
    if can_undo:
        answers.append(("count", _("No, I signed it: count my signature")))
    if own_signature.mails_wanted(signature) is Mails.NEVER:
        answers.append(("hear", _("It was not me, but e-mails about other petitions may come")))
    else:
        answers.append(("silence", _("It was not me: send no e-mail from this site to this address, ever")))
    return ChoiceForm.asking(
        _("Is it right that it was not you?"), [*answers, ("unsure", _("I am not sure: leave it as it is"))]
    )


#: What the answers about unsubscribing mean. "none" is nothing to stop.
STOPS = {"petition": Mails.NONE, "all": Mails.NEVER, "none": Mails.NEWS}


def unsubscribing(signature: Signature) -> ChoiceForm:
    """Which mails are to stop. What a mail program, or somebody in a hurry, wants is chosen already."""
    answers = [
        ("petition", _("Those about this petition")),
        ("all", _("All from this site, whoever types this address")),
        ("none", _("None: they may come")),
    ]
    chosen = "all" if own_signature.mails_wanted(signature) is Mails.NEVER else "petition"
    return ChoiceForm.asking(_("Which e-mails shall stop?"), answers, chosen)


def choosing_mails(signature: Signature, *, is_running: bool) -> ChoiceForm:
    """Which mails may come. What holds now is chosen already."""
    answers = [
        (Mails.NEVER.value, _("None from this site, whoever types this address")),
        (Mails.NONE.value, _("None about this petition")),
    ]
    if is_running:
        answers.append((Mails.NEWS.value, _("Tell me what happens to this petition")))
    return ChoiceForm.asking(
        _("Which e-mails may come?"), answers, own_signature.mails_wanted(signature).value
    )


class NameForm(PublicForm):
    """A signer's name, under the rules of the sign form."""

    name = StringField(
        _l("Your name"),
        [DataRequired(_l("Enter your name.")), AtMost(NAME_LIMIT), Readable(), NoLink()],
        filters=[clean_line],
    )
