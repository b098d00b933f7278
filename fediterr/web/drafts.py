"""What is not published yet: drafts, and posts that wait for their hour."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts.models import Account
from fediterr.core import errors
from fediterr.core.paging import Page
from fediterr.social import media, quotes, saved_drafts, scheduling
from fediterr.social.models import ScheduledPost
from fediterr.web import composing, rendering, session

blueprint = Blueprint("drafts", __name__, url_prefix="/brouillons")


@blueprint.get("")
def listed() -> Response:
    me = session.require()
    drafts = saved_drafts.listed(me)
    waiting = [
        row for each in (me, *composing.voices()) for row in scheduling.listed(each, Page(limit=scheduling.MOST))
    ]
    voices = {each.id: each for each in composing.voices()}
    return rendering.show(
        "drafts.html", drafts=drafts, files=saved_drafts.files(drafts), voices=voices,
        waiting=sorted(waiting, key=lambda row: row.due_at), waiting_files=scheduling.files(waiting),
    )  # fmt: skip


@blueprint.get("/<int:identifier>/supprimer")
def confirm(identifier: int) -> Response:
    draft = saved_drafts.get(session.require(), identifier)
    return rendering.show("draft_discard.html", draft=draft, files=saved_drafts.files([draft]).get(draft.id, []))


@blueprint.post("/<int:identifier>/supprimer")
def discard(identifier: int) -> Response:
    saved_drafts.discard(saved_drafts.get(session.require(), identifier))
    flask.flash(_("Le brouillon est supprimé."))
    return rendering.lead(flask.url_for("web.drafts.listed"))


@blueprint.post("/programmes/<int:identifier>/reprendre")
def take_back(identifier: int) -> Response:
    """A post that waits for its hour is a draft again."""
    me = session.require()
    row, author = _waiting(me, identifier)
    files = scheduling.files([row]).get(row.id, [])
    typed = _as_typed(row, author, me) | {"files": ",".join(str(medium.id) for medium in files)}
    scheduling.cancel(row)
    media.hand_over(files, me)
    draft = saved_drafts.save(me, {name: value for name, value in typed.items() if value}, files)
    flask.flash(_("Ce message ne sera pas publié à l’heure dite : c’est de nouveau un brouillon."))
    return rendering.lead(flask.url_for("web.writing.write", brouillon=draft.id))


def _waiting(me: Account, identifier: int) -> tuple[ScheduledPost, Account]:
    for author in (me, *composing.voices()):
        try:
            return scheduling.get(author, identifier), author
        except errors.NotFound:
            continue
    raise errors.NotFound("There is no such post.")


def _as_typed(row: ScheduledPost, author: Account, me: Account) -> dict[str, str]:
    wishes, poll = row.wishes, row.wishes["poll"]
    typed = {
        "words": wishes["text"],
        "warning": wishes["warning"],
        "visibility": wishes["visibility"],
        "language": wishes["language"] or "",
        "sensitive": "1" if wishes["sensitive"] else "",
        "in_reply_to": str(wishes["in_reply_to_id"] or ""),
        "quoted": str(wishes.get("quoted_id") or ""),
        "quotable": quotes.name_of(wishes.get("quote_policy")) or "",
        "later": rendering.local_hour(row.due_at),
        "as": str(author.id) if author.id != me.id else "",
    }
    if poll:
        typed |= {f"option-{number}": option for number, option in enumerate(poll["options"], 1)}
        typed["poll-multiple"] = "1" if poll["multiple"] else ""
        typed["poll-hidden"] = "1" if poll["hide_totals"] else ""
        typed["poll-days"] = str(poll["seconds"] // 86400)
    return typed
