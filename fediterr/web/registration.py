"""Coming to this server by its pages: making an account, proving an address."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import invitations, registration
from fediterr.core import db, errors, limits, site
from fediterr.moderation import entrance
from fediterr.web import forms, rendering
from fediterr.web.entrance import let_in

blueprint = Blueprint("registration", __name__)

OFTEN = {"most": 20, "seconds": 1800}  # forms from one place, well filled in or not
FIELDS = {"username": "name", "email": "email", "password": "password", "agreement": "agreement", "reason": "reason"}


@blueprint.get("/inscription")
def ask() -> Response:
    code = request.args.get("code", "")[:100]
    if not registration.is_open(code):
        return rendering.show("registration_closed.html", status=403)
    return _show(forms.Form({"code": code}))


@blueprint.post("/inscription")
def register() -> Response:
    form = forms.sent()
    _require_patience()
    try:
        form.require_twice("password")
        to_approve = entrance.admit(form.value("email").strip(), request.remote_addr)
        user = registration.register(
            registration.Request(
                name=form.value("name").strip(),
                email=form.value("email").strip(),
                password=form.value("password"),
                agreement=form.is_on("agreement"),
                language=rendering.language(),
                reason=form.value("reason"),
                code=form.value("code"),
                ip=request.remote_addr,
                to_approve=to_approve,
            )
        )
    except registration.Mistakes as mistakes:
        db.end()
        form.wrong = {FIELDS.get(name, ""): _said(name, listed[0][0]) for name, listed in mistakes.found.items()}
        return _show(form, status=400)
    except errors.Invalid as problem:
        db.end()
        return _show(form.refuse(problem), status=400)
    if user.may_sign_in:
        return let_in(user, flask.url_for("web.feed.home"))
    return rendering.show("registered.html", email=user.email, confirm=user.confirmed_at is None)


def _show(form: forms.Form, status: int = 200) -> Response:
    wants_reason = site.settings().registrations == "approval" and not form.value("code")
    welcome = [] if form.value("code") else [each.domain for each in invitations.welcomed()]
    return rendering.show(
        "registration.html", status=status, form=form, wants_reason=wants_reason, welcome=welcome
    )  # fmt: skip


def _require_patience() -> None:
    if site.settings().rate_limits and (
        wait := limits.wait_for("accounts by page", limits.network_of(request.remote_addr), **OFTEN)
    ):
        raise errors.TooMany("Too many registrations from here: wait a while.", retry_after=int(wait) + 1)


def _said(field: str, code: str) -> str:
    """What is wrong with a field, in the reader's words."""
    general = {
        "ERR_BLANK": _("Ce champ est nécessaire."),
        "ERR_TAKEN": _("C’est déjà pris."),
        "ERR_RESERVED": _("Cet identifiant est réservé."),
        "ERR_ACCEPTED": _("Il faut accepter les règles de ce serveur."),
        "ERR_TOO_SHORT": _("C’est trop court : au moins 8 caractères."),
        "ERR_TOO_LONG": _("C’est trop long."),
        "ERR_BLOCKED": _("Cette adresse n’est pas acceptée ici."),
    }
    if field == "username" and code == "ERR_INVALID":
        return str(_("Lettres sans accent, chiffres et tirets bas seulement."))
    return str(general.get(code, _("Cela ne convient pas.")))


# --- proving an address --------------------------------------------------------------------------------------------


@blueprint.get("/confirmation")
def prove() -> Response:
    """The page that the link leads to: a button, since programs that look at mail open links too."""
    word = request.args.get("token", "")
    user = registration.waiting_for(word)
    if user is None:
        raise errors.NotFound("This link has been used, or is too old.")
    return rendering.show("confirmation.html", account=user.account, email=user.email, word=word)


@blueprint.post("/confirmation")
def confirm() -> Response:
    user = registration.confirm(request.form.get("token", ""))
    if user.approved_at is None:
        flask.flash(_("Votre adresse est confirmée. Une personne de ce serveur va lire votre demande."))
        return rendering.lead(flask.url_for("web.feed.home"))
    flask.flash(_("Votre adresse est confirmée : vous pouvez vous connecter."))
    return rendering.lead(flask.url_for("web.entrance.sign_in"))
