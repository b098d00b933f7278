"""Moving house: which other accounts one has had, and where this one goes."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import resolver
from fediterr.core import db, errors
from fediterr.web import entrance, forms, problems, rendering, session

blueprint = Blueprint("moving", __name__, url_prefix="/reglages/demenagement")


@blueprint.get("")
def show() -> Response:
    return _page(forms.Form({}))


def _page(form: forms.Form, status: int = 200) -> Response:
    me = session.require()
    known = {account.uri: account for uri in me.also_known_as if (account := accounts.by_uri(uri))}
    aliases = [(uri, known.get(uri)) for uri in me.also_known_as]
    return rendering.show(
        "settings/moving.html", status=status, form=form, aliases=aliases, pause=accounts.may_move_at(me)
    )


@blueprint.post("/alias")
def add_alias() -> Response:
    session.require()
    form = forms.sent()
    form.require("alias", _("Indiquez l’adresse de votre autre compte."))
    if form.wrong:
        return _page(form, 400)
    try:
        other = _find(form.value("alias"))
        accounts.add_alias(session.require(), other)
    except errors.Problem as problem:
        form.wrong["alias"] = problems.words_of(problem)
        return _page(form, 400)
    flask.flash(_("%(name)s peut maintenant déménager ici.", name=f"@{other.full_handle}"))
    return rendering.lead(flask.url_for("web.moving.show"))


@blueprint.post("/alias/retirer")
def remove_alias() -> Response:
    accounts.remove_alias(session.require(), forms.sent().value("uri"))
    flask.flash(_("Cet alias est retiré."))
    return rendering.lead(flask.url_for("web.moving.show"))


@blueprint.post("")
def move() -> Response:
    session.require()
    form = forms.sent()
    form.require("target", _("Indiquez l’adresse de votre nouveau compte."))
    form.require("password", _("Indiquez votre mot de passe."))
    if form.wrong:
        return _page(form, 400)
    try:
        entrance.require_password(form.value("password"))
    except errors.Forbidden as problem:
        return _page(form.refuse(problem), 403)
    try:
        target = _find(form.value("target"))
        accounts.move(session.require(), target)
    except errors.Problem as problem:
        form.wrong["target"] = problems.words_of(problem)
        return _page(form, 400)
    flask.flash(_("Vos abonnés sont invités à vous suivre sur %(name)s.", name=f"@{target.full_handle}"))
    return rendering.lead(flask.url_for("web.moving.show"))


@blueprint.post("/annuler")
def stay() -> Response:
    accounts.stay(session.require())
    flask.flash(_("Ce compte ne renvoie plus vers un autre."))
    return rendering.lead(flask.url_for("web.moving.show"))


def _find(handle: str) -> Account:
    """Whom a handle names, read anew at its server: it may have named its alias a moment ago."""
    handle = handle.strip()
    with db.aside():
        found = resolver.look_up(handle)
        if isinstance(found, Account) and not found.local:
            resolver.fetch_account(found.uri)
    account = accounts.by_handle(handle) or accounts.by_uri(handle)
    if account is None:
        raise errors.NotFound("There is no such account.")
    return account
