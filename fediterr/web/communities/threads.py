"""What the moderators of a community do about one post in it: at the head, closed, removed; and each taken back."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import db, errors
from fediterr.social import communities, timelines
from fediterr.social import posts as said
from fediterr.social.models import CommunityPost, Post
from fediterr.web import forms, rendering, session
from fediterr.web.cards import Cards
from fediterr.web.communities import hall

blueprint = Blueprint("community_threads", __name__, url_prefix="/@<handle>/<int:identifier>/communaute")


@blueprint.get("")
def show(handle: str, identifier: int) -> Response:
    return _show(handle, identifier, forms.Form({}))


def _show(handle: str, identifier: int, form: forms.Form, status: int = 200) -> Response:
    post, group, place = _placed(handle, identifier)
    cards = Cards.of(session.viewer(), [post])
    return rendering.show(
        "communities/thread.html", status=status, post=post, group=group, place=place, form=form, cards=cards,
        longest=communities.RULE,
    )  # fmt: skip


def _placed(handle: str, identifier: int) -> tuple[Post, Account, CommunityPost]:
    """A post in a community that the reader moderates; also one that was removed, which nobody else sees there."""
    me, post = session.require(), said.get(identifier)
    for group in accounts.many(set(communities.that_hold(post))).values():
        place = communities.place_of(group, post)
        if place is not None and hall.may_moderate(me, group) and post.author.handle == handle:
            return timelines.as_moderators_see([post.id])[0], group, place
    raise errors.NotFound("There is no such post in this community.")


@blueprint.post("")
def act(handle: str, identifier: int) -> Response:
    """Do what is asked for, which a moderator may take back on the same page."""
    me, form = session.require(), forms.sent()
    post, group, _place = _placed(handle, identifier)
    words = form.value("words").strip()
    acts = {
        "pin": lambda: communities.pin(me, group, post),
        "unpin": lambda: communities.unpin(me, group, post),
        "lock": lambda: communities.lock(me, group, post, words),
        "unlock": lambda: communities.unlock(me, group, post),
        "remove": lambda: communities.remove_post(me, group, post, words),
        "restore": lambda: communities.restore_post(me, group, post),
    }
    if form.value("do") not in acts:
        raise errors.Invalid("Choose what to do.")
    try:
        acts[form.value("do")]()
    except errors.Invalid as problem:
        db.end()
        return _show(handle, identifier, form.refuse(problem), 400)
    flask.flash(_done(form.value("do")))
    back = rendering.address_of(group) if form.value("do") in ("remove", "restore") else rendering.address_of(post)
    return rendering.lead(back)


def _done(what: str) -> str:
    return str(
        {
            "pin": _("Ce sujet est en tête de la communauté."),
            "unpin": _("Ce sujet n’est plus en tête de la communauté."),
            "lock": _("Ce sujet est fermé : on n’y répond plus."),
            "unlock": _("Ce sujet est rouvert."),
            "remove": _("Ce message ne paraît plus dans la communauté."),
            "restore": _("Ce message paraît de nouveau dans la communauté."),
        }[what]
    )
