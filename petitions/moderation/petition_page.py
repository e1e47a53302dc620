"""One petition as moderators see it: its words beside what helps to judge them, and what may be done with it."""

from __future__ import annotations

from flask import render_template

from petitions.admin import queries as history
from petitions.lifecycle import State
from petitions.models import Petition
from petitions.moderation import queries
from petitions.moderation.actions import may_be_edited
from petitions.moderation.decisions import may_be_refused
from petitions.moderation.forms import SubjectsForm
from petitions.moderation.promise import promise_of
from petitions.petitioners import creator_of
from petitions.starting import queries as starting


def petition_page(found: Petition, subjects: SubjectsForm | None = None) -> str:
    """The page of one petition; `subjects` is the form about its departments and topics where that was refused."""
    form = subjects or SubjectsForm(
        formdata=None,
        departments=[department.id for department in found.departments],
        topics=[topic.id for topic in found.topics],
    )
    return render_template(
        "moderation/petition.html",
        petition=found,
        promise=promise_of(found) if found.facts.is_in_moderation else None,
        creator=creator_of(found),
        supporters=starting.supporters_of(found),
        similar=starting.similar_petitions(found),
        rejection=queries.rejection_of(found.id),
        versions=queries.versions(found.id),
        lines=history.lines_of(found.id),
        subjects=form,
        may_be_edited=may_be_edited(found),
        may_be_refused=may_be_refused(found),
        may_be_restored=found.state in {State.REJECTED, State.HIDDEN},
    )
