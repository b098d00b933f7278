"""Proving this server while it runs: what is not as it should be, and how to mend it."""

from flask import Blueprint, Response

from fediterr.core import db
from fediterr.web import findings, rendering, session

blueprint = Blueprint("checks", __name__)


@blueprint.get("/administration/verifications")
def show() -> Response:
    session.require_administrator()
    db.end()  # some look outside, and take their time
    return rendering.show("administration/checks.html", lines=findings.made())
