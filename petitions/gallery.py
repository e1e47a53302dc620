"""/dev/components: every component in every variant, on one page. Not in production."""

from __future__ import annotations

from flask import Blueprint, render_template

from petitions.dev_samples import samples

blueprint = Blueprint("gallery", __name__)


@blueprint.get("/dev/components")
def components() -> str:
    """The gallery."""
    return render_template("dev/components.html", samples=samples())
