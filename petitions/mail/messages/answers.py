"""Mails about answers, to signers who asked and petitioners."""

from __future__ import annotations

from flask_babel import gettext as _

from petitions import links
from petitions.duties import outcomes
from petitions.duties.answers import Words as AnswerWords
from petitions.duties.duty_clock import owner_name
from petitions.extensions import db, settings
from petitions.mail.message import Context, Words, message, words_of
from petitions.mail.messages.responses import about, wants
from petitions.models import Department, Mail, Petition, Response, ResponseVersion, Signature

#: Stands in a preview where each signer's own link will stand.
OWN_LINK = "[…]"


@message("response_published", can_unsubscribe=True, is_for_many=True)
def response_published(mail: Mail) -> Context | None:
    """The answer: its summary, what it comes to, the whole text, and the link to say what one thinks of it."""
    response = _public_response(mail)
    if response is None or mail.signature is None:
        return None
    return _answer(response.petition, mail.signature, response.department, AnswerWords.of(response)) | {
        "rate_url": links.rate_response(response.id, mail.signature)
    }


@message("response_changed", can_unsubscribe=True, is_for_many=True)
def response_changed(mail: Mail) -> Context | None:
    """A later version of an answer, with the reason. Not sent when a still later one stands there by now."""
    response = _public_response(mail)
    if response is None or mail.signature is None:
        return None
    version = db.session.get(ResponseVersion, (response.id, mail.details["version"]))
    if version is None or not AnswerWords.of(version).same_as(AnswerWords.of(response)):
        return None
    return _answer(response.petition, mail.signature, response.department, AnswerWords.of(version)) | {
        "rate_url": links.rate_response(response.id, mail.signature),
        "reason": version.reason,
    }


def _public_response(mail: Mail) -> Response | None:
    """The answer that a mail is about, where somebody still wants to hear of it."""
    response = db.session.get(Response, mail.details["response_id"])
    if response is None or response.published_at is None or not wants(mail.signature):
        return None
    return response


def _answer(
    petition: Petition, signature: Signature | None, department: Department | None, words: AnswerWords
) -> Context:
    return about(petition, signature) | answer_context(department, words)


def answer_context(department: Department | None, words: AnswerWords) -> Context:
    """What an answer says, as its mails show it."""
    return {
        "owner": owner_name(department),
        "summary": words.summary,
        "answer": words.body,
        "outcome": outcomes.outcome_words(words.outcome),
        "points": [point | {"outcome": outcomes.outcome_words(point["outcome"])} for point in words.points],
        "read_on": words.links,
    }


def preview_of_answer(petition: Petition, department: Department | None, words: AnswerWords) -> Words:
    """The mail that will go out with an answer; the signer's own links stand in brackets."""
    return words_of("response_published", _previewed(petition, department, words), settings().languages[0])


def preview_of_change(petition: Petition, department: Department | None, words: AnswerWords) -> Words:
    """The mail that will go out with a later version, where it is wanted."""
    context = _previewed(petition, department, words) | {"reason": _("[the reason that you give]")}
    return words_of("response_changed", context, settings().languages[0])


def _previewed(petition: Petition, department: Department | None, words: AnswerWords) -> Context:
    own = dict.fromkeys(("unsubscribe_url", "my_signature_url", "rate_url"), OWN_LINK)
    return _answer(petition, None, department, words) | own
