"""The agents of an authority: who acts for it, in which office; those who manage it name and dismiss them."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts import speakers
from fediterr.accounts.models import Account, Office, User
from fediterr.core import db, errors
from fediterr.moderation import offices
from fediterr.web import forms, rendering, session
from fediterr.web.authorities import entry

blueprint = Blueprint("authority_agents", __name__, url_prefix="/@<handle>/agents")


@blueprint.get("")
def listed(handle: str) -> Response:
    authority, _person = entry.require(handle)
    return _page(authority, forms.Form({"office": Office.WRITE}))


def _page(authority: Account, form: forms.Form, status: int = 200) -> Response:
    mine = speakers.office_of(session.require_user(), authority)
    return rendering.show(
        "authorities/agents.html", status=status, authority=authority, form=form, manages=mine == Office.MANAGE,
        agents=speakers.agents_of(authority), mine=mine,
    )  # fmt: skip


@blueprint.post("")
def name(handle: str) -> Response:
    """Let somebody of here act for the authority, or in another office."""
    authority, person = entry.require(handle, Office.MANAGE)
    form = forms.sent()
    form.require("agent", _("Indiquez l’identifiant d’une personne de ce serveur."))
    if form.wrong:
        return _page(authority, form, 400)
    try:
        user, office = _user(form.value("agent")), form.value("office")
        if office != Office.MANAGE:
            offices.require_other_manager(user, authority)
        offices.let_speak(person, user, authority, office)
    except (errors.NotFound, errors.Invalid, errors.Conflict) as problem:
        return _refuse(authority, form, problem)
    flask.flash(_("%(name)s agit maintenant pour la collectivité.", name=user.account.shown_name))
    return rendering.lead(flask.url_for("web.authority_agents.listed", handle=handle))


@blueprint.post("/retirer")
def end(handle: str) -> Response:
    """Dismiss somebody, or leave; whoever manages alone stays."""
    authority, person = entry.require(handle)
    form = forms.sent()
    user = _user(form.value("agent"))
    if user.account_id != person.id:
        entry.require(handle, Office.MANAGE)
    try:
        offices.require_other_manager(user, authority)
    except errors.Conflict as problem:
        return _refuse(authority, form, problem)
    offices.end_speaking(person, user, authority)
    if user.account_id == person.id:
        flask.flash(_("Vous n’agissez plus pour cette collectivité."))
        return rendering.lead(rendering.address_of(authority))
    flask.flash(_("%(name)s n’agit plus pour la collectivité.", name=user.account.shown_name))
    return rendering.lead(flask.url_for("web.authority_agents.listed", handle=handle))


def _refuse(authority: Account, form: forms.Form, problem: errors.Problem) -> Response:
    db.end()
    form.refuse(problem)
    if "" in form.wrong:
        form.wrong["agent"] = form.wrong.pop("")
    return _page(authority, form, 409 if isinstance(problem, errors.Conflict) else 400)


def _user(name: str) -> User:
    """Somebody of here who signs in, by their name or handle."""
    found = accounts.user_of(accounts.local(name.strip()))
    if found is None:
        raise errors.NotFound(f"Nobody here is called {name}.")
    return found
