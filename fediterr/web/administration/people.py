"""Who moderates and administers, and who speaks for the authorities of here."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts import speakers
from fediterr.accounts.models import Account, Office, Role, User
from fediterr.core import db, errors
from fediterr.moderation import offices
from fediterr.web import forms, rendering, session

blueprint = Blueprint("people", __name__)


@blueprint.get("/administration/roles")
def listed() -> Response:
    session.require_administrator()
    return _page(forms.Form({"role": Role.MODERATOR}))


@blueprint.post("/administration/roles")
def give_role() -> Response:
    """Give somebody a role; whoever gives up their own as an administrator leaves these pages."""
    me, form = session.require_administrator(), forms.sent()
    try:
        user = _user(form.value("member"))
        offices.give_role(me, user, form.value("role"))
    except (errors.NotFound, errors.Invalid, errors.Conflict) as problem:
        return _refuse(form, problem, "member")
    flask.flash(_("%(name)s a un nouveau rôle.", name=user.account.shown_name))
    stays = user.account_id != me.id or user.role == Role.ADMIN
    return rendering.lead(flask.url_for("web.people.listed" if stays else "web.feed.home"))


@blueprint.post("/administration/roles/collectivites")
def open_authority() -> Response:
    """Open the account of an authority; whoever opens it speaks for it, and may let others."""
    me, form = session.require_administrator(), forms.sent()
    try:
        form.require("display_name", _("Donnez le nom de la collectivité."))
        if form.wrong:
            return _page(form, 400)
        authority = offices.open_authority(me, form.value("name").strip(), form.value("display_name"))
        offices.let_speak(me, session.require_user(), authority, Office.MANAGE)
    except (errors.Invalid, errors.Conflict) as problem:
        return _refuse(form, problem)
    flask.flash(_("Le compte de %(name)s est ouvert : vous pouvez publier en son nom.", name=authority.shown_name))
    return rendering.lead(flask.url_for("web.people.listed"))


@blueprint.post("/administration/roles/collectivites/<int:identifier>")
def let_speak(identifier: int) -> Response:
    """Let somebody speak for an authority, or no longer."""
    me, form, authority = session.require_administrator(), forms.sent(), _authority(identifier)
    field = f"speaker-{identifier}"
    try:
        if form.is_on("end"):
            user = _user(form.value("end"))
            offices.end_speaking(me, user, authority)
            flask.flash(_("%(name)s n’agit plus pour la collectivité.", name=user.account.shown_name))
        else:
            user = _user(form.value(field))
            offices.let_speak(me, user, authority, form.value("office") or Office.WRITE)
            flask.flash(_("%(name)s agit maintenant pour la collectivité.", name=user.account.shown_name))
    except (errors.NotFound, errors.Invalid) as problem:
        return _refuse(form, problem, field)
    return rendering.lead(flask.url_for("web.people.listed"))


def _refuse(form: forms.Form, problem: errors.Problem, field: str = "") -> Response:
    db.end()
    form.refuse(problem)
    if field and "" in form.wrong:  # of no field of its own: it is about who was named
        form.wrong[field] = form.wrong.pop("")
    return _page(form, 409 if isinstance(problem, errors.Conflict) else 400)


def _page(form: forms.Form, status: int = 200) -> Response:
    team = [user for user in accounts.users() if user.role in (Role.MODERATOR, Role.ADMIN)]
    team.sort(key=lambda user: (user.role != Role.ADMIN, user.account.name))
    return rendering.show(
        "administration/people.html", status=status, form=form, team=team, authorities=speakers.authorities(),
        speaking=speakers.everyone(),
    )  # fmt: skip


def _user(name: str) -> User:
    """Somebody of here who signs in, by their name or handle."""
    account = accounts.local(name.strip())
    user = accounts.user_of(account)
    if user is None:
        raise errors.NotFound(f"Nobody here is called {name}.")
    return user


def _authority(identifier: int) -> Account:
    found = next((each for each in speakers.authorities() if each.id == identifier), None)
    if found is None:
        raise errors.NotFound("There is no such account.")
    return found
