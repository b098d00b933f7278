"""How one signs in: password, e-mail address, second factor, and the browsers in which one is signed in."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import links, passkeys, second_factors, sessions
from fediterr.accounts import service as accounts
from fediterr.core import db, errors, site
from fediterr.moderation import entrance as addresses
from fediterr.web import entrance, forgotten, forms, rendering, session

blueprint = Blueprint("security", __name__, url_prefix="/reglages/securite")


@blueprint.get("")
def show() -> Response:
    user, here = session.require_user(), session.current()
    return rendering.show(
        "settings/security.html", user=user, sessions=sessions.of(user), here=here.id if here else 0,
        second_factor=second_factors.is_on(user), codes=second_factors.codes_left(user),
        passkeys=len(passkeys.of(user)),
    )  # fmt: skip


@blueprint.post("/sessions/<int:identifier>/terminer")
def end_one(identifier: int) -> Response:
    sessions.end(session.require_user(), identifier)
    flask.flash(_("Cette session est terminée."))
    return rendering.lead(flask.url_for("web.security.show"))


@blueprint.post("/sessions/terminer")
def end_others() -> Response:
    user, here = session.require_user(), session.current()
    sessions.end_all(user, but=here.id if here else None)
    flask.flash(_("Toutes vos autres sessions sont terminées."))
    return rendering.lead(flask.url_for("web.security.show"))


# --- password ------------------------------------------------------------------------------------------------------


@blueprint.get("/mot-de-passe")
def password() -> Response:
    session.require()
    return _password(forms.Form({}))


def _password(form: forms.Form, status: int = 200) -> Response:
    return rendering.show("settings/password.html", status=status, form=form)


@blueprint.post("/mot-de-passe")
def change_password() -> Response:
    form = forms.sent()
    try:
        user = entrance.require_password(form.value("current"))
    except errors.Forbidden as problem:
        form.refuse(problem)
        form.wrong = {"current": form.wrong["password"]}
        return _password(form, 403)
    try:
        form.require_twice("password")
        accounts.set_password(user, form.value("password"))
    except errors.Invalid as problem:
        db.end()
        return _password(form.refuse(problem), 400)
    session.renew(user)
    flask.flash(_("Votre mot de passe est changé. Vos autres appareils et vos applications devront se reconnecter."))
    return rendering.lead(flask.url_for("web.security.show"))


# --- e-mail address ------------------------------------------------------------------------------------------------


@blueprint.get("/adresse")
def address() -> Response:
    session.require()
    return _address(forms.Form({}))


def _address(form: forms.Form, status: int = 200) -> Response:
    user = session.require_user()
    by_mail = bool(site.settings().mail_host)
    return rendering.show("settings/address.html", status=status, form=form, current=user.email, by_mail=by_mail)


@blueprint.post("/adresse")
def change_address() -> Response:
    form = forms.sent()
    email = form.value("email").strip()
    try:
        user = entrance.require_password(form.value("password"))
        forgotten.require_patience(email)
        addresses.require_accepted(email)
        links.ask_for_address(user, email)
    except (errors.Forbidden, errors.Invalid) as problem:
        db.end()
        return _address(form.refuse(problem), 403 if isinstance(problem, errors.Forbidden) else 400)
    flask.flash(
        _("Un lien est parti à %(email)s : ouvrez-le dans les deux jours. D’ici là, rien ne change.", email=email)
    )
    return rendering.lead(flask.url_for("web.security.show"))
