"""Who is in a community; for its moderators: who asks, whom they invite, what each is in it, whom they send away."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import resolver
from fediterr.core import db, errors
from fediterr.core.paging import Page
from fediterr.moderation import circles
from fediterr.social import communities, membership
from fediterr.social.models import Rank, Standing
from fediterr.web import forms, rendering, session
from fediterr.web.communities import doors, words
from fediterr.web.communities.hall import Hall

blueprint = Blueprint("community_members", __name__, url_prefix="/@<handle>/membres")

WAITING = 100  # who ask, are invited or were sent away, shown at once
REASON = communities.RULE


@blueprint.get("")
def listed(handle: str) -> Response:
    return _listed(doors.require_member(handle), forms.Form({}))


def _listed(found: Hall, form: forms.Form, status: int = 200) -> Response:
    waiting = {
        name: communities.members(found.group, Page(limit=WAITING), standing=standing) if found.moderates else []
        for name, standing in (("asked", Standing.ASKED), ("invited", Standing.INVITED), ("banned", Standing.BANNED))
    }
    return rendering.show(
        "communities/members.html", status=status, hall=found, form=form, rank_words=words.RANKS, longest=REASON,
        listed=communities.members(found.group, rendering.page()), **waiting,
    )  # fmt: skip


@blueprint.post("/inviter")
def invite(handle: str) -> Response:
    """Invite somebody by their address; one of elsewhere is asked for at their server."""
    doors.require_moderator(handle)
    form = forms.sent()
    wanted = form.value("person").strip()[:500]
    db.end()
    person = resolver.look_up(wanted)
    db.begin_writing()
    found = doors.require_moderator(handle)
    if not isinstance(person, Account):
        return _listed(found, form.refuse(errors.NotFound("Nobody answers at this address.")), 404)
    try:
        communities.invite(session.require(), found.group, accounts.get(person.id))
    except errors.Problem as problem:
        db.end()
        return _listed(doors.require_moderator(handle), form.refuse(problem), 400)
    flask.flash(_("%(name)s est invité.", name=person.shown_name))
    return _back(handle)


@blueprint.post("/<int:person>/reponse")
def answer(handle: str, person: int) -> Response:
    """Let somebody in who asks, or not."""
    found, form, asking = doors.require_moderator(handle), forms.sent(), accounts.get(person)
    me = session.require()
    if form.value("answer") == "accept":
        communities.let_in(me, found.group, asking)
        flask.flash(_("%(name)s est membre de la communauté.", name=asking.shown_name))
    else:
        circles.refuse(me, found.group, asking, form.value("reason").strip()[:REASON])
        flask.flash(_("La demande de %(name)s est refusée.", name=asking.shown_name))
    return _back(handle)


@blueprint.get("/<int:person>")
def show(handle: str, person: int) -> Response:
    """What a moderator may do about one member."""
    found = doors.require_moderator(handle)
    return _show(found, accounts.get(person), forms.Form({}))


def _show(found: Hall, account: Account, form: forms.Form, status: int = 200) -> Response:
    row = membership.find(found.group, account)
    if row is None:
        raise errors.NotFound("There is no such member.")
    ranks = [(str(rank), word, "") for rank, word in words.RANKS.items()]
    form.values = {"rank": row.rank, **form.values}
    return rendering.show(
        "communities/member.html", status=status, hall=found, account=account, row=row, ranks=ranks, form=form,
        rank_words=words.RANKS, longest=REASON,
    )  # fmt: skip


@blueprint.post("/<int:person>/role")
def set_rank(handle: str, person: int) -> Response:
    found, form, member = doors.require_moderator(handle), forms.sent(), accounts.get(person)
    try:
        communities.set_rank(session.require(), found.group, member, form.value("rank"))
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return _show(doors.require_moderator(handle), accounts.get(person), form.refuse(problem), 400)
    flask.flash(
        _("C’est noté : %(name)s, %(rank)s.", name=member.shown_name, rank=words.RANKS[Rank(form.value("rank"))])
    )
    return _back(handle)


@blueprint.post("/<int:person>/ecarter")
def send_away(handle: str, person: int) -> Response:
    found, form, member = doors.require_moderator(handle), forms.sent(), accounts.get(person)
    try:
        communities.send_away(session.require(), found.group, member, form.value("reason").strip()[:REASON])
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return _show(doors.require_moderator(handle), accounts.get(person), form.refuse(problem), 400)
    flask.flash(_("%(name)s n’est plus dans la communauté.", name=member.shown_name))
    return _back(handle)


@blueprint.post("/<int:person>/laisser-revenir")
def take_back(handle: str, person: int) -> Response:
    """Somebody who was sent away may come again; somebody who is invited is so no longer."""
    found, member = doors.require_moderator(handle), accounts.get(person)
    if membership.standing(member, found.group) == Standing.BANNED:
        communities.let_back(session.require(), found.group, member)
    else:
        communities.refuse(session.require(), found.group, member)
    flask.flash(_("C’est noté pour %(name)s.", name=member.shown_name))
    return _back(handle)


def _back(handle: str) -> Response:
    return rendering.lead(flask.url_for("web.community_members.listed", handle=handle))
