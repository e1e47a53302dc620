"""One petition as moderators see it: its words beside what helps to judge them, and what may be done with it."""

from __future__ import annotations

from flask import render_template

from petitions import checking
from petitions.admin import queries as history
from petitions.differences import differences
from petitions.forms import StaffForm
from petitions.lifecycle import State
from petitions.models import Petition, Staff
from petitions.moderation import queries
from petitions.moderation.actions import may_be_edited
from petitions.moderation.asking import may_be_asked
from petitions.moderation.claims import LIFETIME, claim_on
from petitions.moderation.decisions import may_be_refused
from petitions.moderation.earlier import same_petitioner
from petitions.moderation.forms import NoteForm, SubjectsForm, TagForm
from petitions.moderation.notes import NOTE_LIMIT, all_tags, notes_on, tags_on
from petitions.moderation.promise import promise_of
from petitions.permissions import Permission, may
from petitions.petitioners import creator_of
from petitions.reports import queries as reports
from petitions.starting import queries as starting


def petition_page(found: Petition, by: Staff, refused: StaffForm | None = None) -> str:
    """The page of one petition for `by`; `refused` is the one of its forms that has something wrong in it."""
    questions = checking.questions_of(found.id)
    return render_template(
        "moderation/petition.html",
        petition=found,
        promise=promise_of(found, questions) if found.facts.is_in_moderation else None,
        claim=claim_on(found.id) if found.facts.is_in_moderation else None,
        claim_hours=int(LIFETIME.total_seconds() // 3600),
        me=by.id,
        questions=list(reversed(questions)),
        creator=creator_of(found),
        supporters=starting.supporters_of(found),
        similar=starting.similar_petitions(found),
        others=same_petitioner(found) if may(by, Permission.PETITION_DECIDE) else [],
        rejection=queries.rejection_of(found.id),
        versions=queries.versions(found.id),
        compare=differences,
        lines=history.lines_of(found.id),
        open_reports=len(reports.open_reports(found.id)),
        notes=notes_on(found.id),
        note_limit=NOTE_LIMIT,
        tags=tags_on(found.id),
        known_tags=[tag.name for tag, _ in all_tags()],
        **_forms(found, refused),
        may_be_edited=may_be_edited(found),
        may_be_asked=may_be_asked(found),
        may_be_refused=may_be_refused(found),
        may_be_restored=found.state in {State.REJECTED, State.HIDDEN},
    )


def _forms(found: Petition, refused: StaffForm | None) -> dict[str, StaffForm | None]:
    """The forms of the page as they are first shown, but for the one that was refused."""
    subjects = SubjectsForm(
        formdata=None,
        departments=[department.id for department in found.departments],
        topics=[topic.id for topic in found.topics],
    )
    forms = {"subjects": subjects, "note": NoteForm(formdata=None), "tag_form": TagForm(formdata=None)}
    shown = {name: refused if type(refused) is type(form) else form for name, form in forms.items()}
    return {**shown, "refused": refused}
