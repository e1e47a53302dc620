"""The permanent history in words: each kind of line, each role, each detail that readers understand."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from petitions.admin import setting_words
from petitions.duties import outcomes
from petitions.duties.threshold_words import frozen_in_words
from petitions.models import DEBATE, RESPONSE, CampaignAction, DomainStanding, ReportOutcome
from petitions.permissions import Role
from petitions.templating import long_date

ROLES: dict[str, LazyString] = {
    Role.MODERATOR: _l("Moderator"),
    Role.OFFICIAL: _l("Official"),
    Role.APPROVER: _l("Approver"),
    Role.OVERSEER: _l("Overseer"),
    Role.PRESS: _l("Press reader"),
    Role.AUDITOR: _l("Auditor"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

ACTIONS: dict[str, LazyString] = {
    **setting_words.ACTIONS,
    "started": _l("Petition written"),
    "start_refused": _l("Petition not stored: its mailbox may get no more mails"),
    "created": _l("Petition written"),
    "confirmed": _l("Petitioner confirmed the e-mail address"),
    "supporters_found": _l("Enough supporters: to be checked"),
    "text_changed": _l("Words changed"),
    "subjects_changed": _l("Departments or topics changed"),
    "taken_in_hand": _l("Taken in hand"),
    "let_go": _l("Let go"),
    "note_added": _l("Note for colleagues added"),
    "tag_added": _l("Tag added"),
    "tag_removed": _l("Tag removed"),
    "petitioner_asked": _l("Back to the petitioner with questions"),
    "petitioner_answered": _l("Questions answered"),
    "published": _l("Published"),
    "rejected": _l("Rejected"),
    "hidden": _l("Rejected and hidden"),
    "restored": _l("Put back into the queue"),
    "appealed": _l("Appeal by the petitioner"),
    "appeal_upheld": _l("Appeal upheld: to be checked anew"),
    "appeal_dismissed": _l("Appeal dismissed"),
    "closed_early": _l("Closed before its deadline"),
    "reports_resolved": _l("Reports by readers resolved"),
    "closed": _l("Closed at its deadline"),
    "counts_repaired": _l("Counts put right from the signatures"),
    "withdrawn": _l("Withdrawn by the petitioner"),
    "lapsed": _l("Lapsed"),
    "threshold_crossed": _l("Threshold reached"),
    "response_drafted": _l("Draft of the answer saved"),
    "response_published": _l("Answer published"),
    "response_changed": _l("Answer changed"),
    "approval_asked": _l("Approval of the answer asked for"),
    "response_approved": _l("Answer approved"),
    "response_scheduled": _l("Answer put on the schedule"),
    "response_unscheduled": _l("Answer taken off the schedule"),
    "commitment_added": _l("Promise marked"),
    "commitment_asked": _l("Asked whether a promise was kept"),
    "commitment_answered": _l("Said whether a promise was kept"),
    "debate_scheduled": _l("Debate scheduled"),
    "debate_outcome": _l("Debate recorded"),
    "debate_considered": _l("Considered for a debate"),
    "debate_picture_set": _l("Picture of a debate set"),
    "debate_picture_removed": _l("Picture of a debate removed"),
    "other_business_added": _l("Other business added"),
    "other_business_changed": _l("Other business changed"),
    "other_business_removed": _l("Other business removed"),
    "duty_paused": _l("Clock of the answer paused"),
    "duty_resumed": _l("Clock of the answer runs again"),
    "duty_extended": _l("More time to answer"),
    "duty_transferred": _l("Answer owed by another department"),
    "duty_pause_withdrawn": _l("Pause of an answer’s clock taken back"),
    "holding_reply_published": _l("Holding reply published"),
    "duty_escalated": _l("Overseeing body told of a late answer"),
    "follow_up_asked": _l("A better answer asked for"),
    "house_paused": _l("Clocks of all answers paused"),
    "house_resumed": _l("Clocks of all answers run again"),
    "house_pause_withdrawn": _l("Pause of all clocks taken back"),
    "mail_choice_changed": _l("Own mails chosen"),
    "signature_refused": _l("Signature refused by the owner of the mailbox"),
    "signature_withdrawn": _l("Signature withdrawn"),
    "anonymised": _l("Everything personal removed from its signatures"),
    "signature_renamed": _l("Name of a signature corrected by its signer"),
    "signature_erased": _l("Signature's data erased"),
    "signatures_held": _l("Signatures held"),
    "signatures_released": _l("Held signatures released"),
    "signatures_invalidated": _l("Signatures removed"),
    "signatures_restored": _l("Removed signatures put back"),
    "signature_revealed": _l("Signer seen"),
    "campaign_begun": _l("Campaign begun"),
    "campaign_started": _l("Campaign started"),
    "campaign_cancelled": _l("Campaign cancelled"),
    "campaign_done": _l("Campaign done"),
    "campaign_undoing": _l("Campaign to be undone"),
    "campaign_undone": _l("Campaign undone"),
    "domain_added": _l("Mail domain added"),
    "domain_changed": _l("Mail domain changed"),
    "domain_removed": _l("Mail domain removed"),
    "staff_added": _l("Person added"),
    "staff_changed": _l("Person's roles or department changed"),
    "staff_deactivated": _l("Person let in no more"),
    "staff_reactivated": _l("Person let in again"),
    "staff_invited": _l("Person invited"),
    "staff_renamed": _l("Own name changed"),
    "invitation_taken_back": _l("Invitation taken back"),
    "invitation_accepted": _l("Invitation accepted"),
    "password_changed": _l("Password changed"),
    "reset_asked": _l("Link for another password asked for"),
    "second_factor_set_up": _l("Second factor set up"),
    "second_factor_reset": _l("Second factor of a person reset"),
    "recovery_codes_made": _l("New recovery codes made"),
    "recovery_code_used": _l("Recovery code used"),
    "signed_in": _l("Signed in"),
    "signed_out": _l("Signed out"),
    "signed_out_elsewhere": _l("Signed out everywhere else"),
    "oidc_bound": _l("Tied to the body’s own sign-in"),
    "history_exported": _l("History exported"),
    "mail_tried_again": _l("Mail tried again"),
    "mails_tried_again": _l("All mails in trouble tried again"),
    "mail_cancelled": _l("Mail cancelled"),
    "mail_wanted_again": _l("Mail let go again to a mailbox that had stopped it"),
    "mailing_stopped": _l("Mailing stopped"),
    "mailing_continued": _l("Mailing goes on"),
    "petitions_imported": _l("Petitions imported"),
    "backup_restored": _l("Restored from a backup"),
    "places_loaded": _l("Places loaded"),
    "representatives_loaded": _l("Representatives loaded"),
}

STANDINGS: dict[DomainStanding, LazyString] = {
    DomainStanding.USUAL: _l("Held where there are very many in an hour"),
    DomainStanding.TRUSTED: _l("Trusted, however many there are"),
    DomainStanding.HELD: _l("Every one is held for staff"),
    DomainStanding.REFUSED: _l("Refused: throw-away addresses"),
}

DETAILS: dict[str, LazyString] = {
    **setting_words.DETAILS,
    "tag": _l("tag"),
    "subject": _l("subject"),
    "business": _l("other business"),
    "told": _l("signers are told"),
    "considered_on": _l("considered on"),
    "alt": _l("what the picture shows"),
    "is_new": _l("another picture"),
    "domain": _l("domain"),
    "provider": _l("another name of"),
    "ignores_dots": _l("dots mean nothing"),
    "ignores_tags": _l("+anything means nothing"),
    "standing": _l("signatures from it"),
    "standing_before": _l("before"),
    "note": _l("note"),
    "reason": _l("reason"),
    "explanation": _l("explanation"),
    "code": _l("reason"),
    "original_id": _l("original petition"),
    "person": _l("person"),
    "roles": _l("roles"),
    "roles_before": _l("roles before"),
    "department": _l("department"),
    "department_before": _l("department before"),
    "departments": _l("departments"),
    "departments_before": _l("departments before"),
    "topics": _l("topics"),
    "topics_before": _l("topics before"),
    "version": _l("version of the words"),
    "supporters": _l("supporters"),
    "signature_count": _l("signatures"),
    "threshold": _l("threshold"),
    "signatures": _l("at"),
    "thresholds": _l("thresholds"),
    "due_on": _l("due on"),
    "taken_down": _l("was published"),
    "state_before": _l("before"),
    "before": _l("before"),
    "after": _l("after"),
    "due_on_before": _l("due before"),
    "deadline": _l("deadline before"),
    "round": _l("which answer"),
    "by_overseer": _l("by the overseeing body"),
    "paused_by": _l("paused by person"),
    "days_late": _l("days late"),
    "starts_on": _l("from"),
    "ends_on": _l("until"),
    "scheduled_on": _l("day of the debate"),
    "debated": _l("debated"),
    "outcome": _l("outcome"),
    "duty": _l("number of the duty"),
    "draft_version": _l("version of the draft"),
    "by_itself": _l("saved by itself"),
    "publish_at": _l("to be published at"),
    "text": _l("words"),
    "months": _l("after months"),
    "kept": _l("kept"),
    "mail": _l("number of the mail"),
    "mailing": _l("number of the mailing"),
    "message": _l("message"),
    "queued": _l("mails so far"),
    "number": _l("number"),
    "count_change": _l("change of the count"),
    "ids": _l("numbers of the signatures"),
    "signature": _l("number of the signature"),
    "campaign": _l("number of the campaign"),
    "act": _l("what it does"),
    "found": _l("found"),
    "source": _l("source"),
    "file": _l("file"),
    "rows": _l("rows"),
    "made_at": _l("made at"),
    "erased_again": _l("erased again"),
    "parked": _l("e-mails parked"),
    "places": _l("places put right"),
    "countries": _l("countries put right"),
    "hours": _l("hours put right"),
    "minutes": _l("minutes put right"),
    "made": _l("made"),
    "form": _l("as"),
    "only": _l("only"),
    "how": _l("by"),
    "changed": _l("changed"),
}

#: Values that are names of ours.
NAMES: dict[str, LazyString] = {
    **setting_words.NAMES,
    RESPONSE: _l("answer"),
    DEBATE: _l("debate"),
    ReportOutcome.ACTED: _l("something was done"),
    ReportOutcome.NO_ACTION: _l("nothing had to be done"),
    CampaignAction.HOLD: _l("hold"),
    CampaignAction.RELEASE: _l("release"),
    CampaignAction.INVALIDATE: _l("remove"),
    CampaignAction.RESTORE: _l("put back"),
    **ROLES,
    **{f"standing_{standing}": words for standing, words in STANDINGS.items()},
    **{outcome.value: words for outcome, words in outcomes.WORDS.items()},
    **{kept.value: words for kept, words in outcomes.KEPT_WORDS.items()},
}


def action_words(action: str) -> str:
    """A kind of line in words; one that is not listed by its name."""
    return str(ACTIONS.get(action) or action.replace("_", " ").capitalize())


def action_choices() -> list[tuple[str, str]]:
    """Every kind of line with its words, in the order of the words."""
    return sorted(((action, str(words)) for action, words in ACTIONS.items()), key=lambda choice: choice[1])


def role_words(role: str) -> str:
    """A role's name in the reader's language."""
    return str(ROLES.get(role, role))


def _value(value: Any) -> str:
    if value is True:
        return str(_("yes"))
    if isinstance(value, list):
        return ", ".join(_value(each) for each in value) or "–"
    if isinstance(value, dict):
        return "; ".join(f"{_value(key)}: {_value(each)}" for key, each in value.items()) or "–"
    if value in NAMES:
        return str(NAMES[value])
    if isinstance(value, str):
        return _day(value) if len(value) == len("2026-12-09") else frozen_in_words(value)
    return str(value)


def _day(text: str) -> str:
    """A day as readers write it; any other text as it is."""
    try:
        return long_date(date.fromisoformat(text))
    except ValueError:
        return text


def details_words(details: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and value of every detail that says something."""
    said = [(name, value) for name, value in details.items() if value is not None and value is not False]
    return [(str(DETAILS.get(name) or name.replace("_", " ")), _value(value)) for name, value in said]
