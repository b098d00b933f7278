"""What one does with a person from their profile: be told of their posts, keep a note, keep away."""

from datetime import timedelta

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts.models import Account
from fediterr.core import clock, db, errors
from fediterr.social import blocks, domains, follows, relations
from fediterr.social.relations import Relation
from fediterr.web import forms, rendering, session
from fediterr.web.accounts import back
from fediterr.web.handles import find

blueprint = Blueprint("relations", __name__, url_prefix="/@<handle>")

LENGTHS = {"1h": timedelta(hours=1), "1d": timedelta(days=1), "7d": timedelta(days=7), "30d": timedelta(days=30)}


def _relation(me: Account, account: Account) -> Relation:
    return relations.between(me, [account.id])[0]


def _other(handle: str) -> tuple[Account, Account]:
    """The one who is signed in, and somebody else."""
    me, account = session.require(), find(handle)
    if me.id == account.id:
        raise errors.Forbidden("This action is not allowed")
    return me, account


# --- how one follows -----------------------------------------------------------------------------------------------


@blueprint.post("/suivre/reglages")
def tune(handle: str) -> Response:
    """Which posts of somebody come home, and whether one is told of each."""
    me, account = _other(handle)
    before = follows.find(me, account)
    if before is None:
        raise errors.NotFound("You do not follow this account.")
    form = forms.sent()
    follows.ask(me, account, boosts=form.is_on("boosts"), notify=form.is_on("notify"), languages=before.languages)
    flask.flash(_("C’est noté pour %(name)s.", name=account.shown_name))
    return back(account)


@blueprint.post("/retirer")
def remove_follower(handle: str) -> Response:
    """No longer let somebody follow."""
    me, account = _other(handle)
    followed = follows.find(account, me)
    if followed is not None:
        follows.refuse(followed)
        flask.flash(_("%(name)s n’est plus de vos abonnés.", name=account.shown_name))
    return back(account)


@blueprint.post("/note")
def note(handle: str) -> Response:
    """Write down something about somebody, for oneself."""
    me, account = _other(handle)
    form = forms.sent()
    try:
        relations.note(me, account, form.value("comment"))
    except errors.Invalid as problem:
        db.end()
        return _distance(handle, form.refuse(problem), 400)
    flask.flash(_("Votre note est enregistrée : vous seul la voyez."))
    return back(account)


# --- keeping away --------------------------------------------------------------------------------------------------


@blueprint.get("/distance")
def distance(handle: str) -> Response:
    """All the ways to keep away from somebody, each said in a sentence."""
    return _distance(handle, forms.Form({"notifications": "1"}))


def _distance(handle: str, form: forms.Form, status: int = 200) -> Response:
    me, account = _other(handle)
    relation = _relation(me, account)
    form.values = {"comment": relation.note, **form.values}
    return rendering.show("distance.html", status=status, account=account, relation=relation, form=form)


@blueprint.post("/masquer")
def mute(handle: str) -> Response:
    me, account = _other(handle)
    if request.form.get("on") == "0":
        blocks.unmute(me, account)
        flask.flash(_("Vous lirez de nouveau %(name)s.", name=account.shown_name))
        return back(account)
    form = forms.sent()
    length = LENGTHS.get(form.value("length"))
    until = clock.now() + length if length else None
    blocks.mute(me, account, notifications=form.is_on("notifications"), until=until)
    flask.flash(_("Vous ne lirez plus %(name)s, qui n’en saura rien.", name=account.shown_name))
    return back(account)


@blueprint.post("/serveur")
def hide_server(handle: str) -> Response:
    """See nothing of the whole server any more."""
    me, account = _other(handle)
    if request.form.get("on") == "0":
        domains.show(me, account.domain)
        flask.flash(_("Vous verrez de nouveau %(domain)s.", domain=account.domain))
    else:
        domains.hide(me, account.domain)
        flask.flash(_("Vous ne verrez plus rien de %(domain)s.", domain=account.domain))
    return back(account)
