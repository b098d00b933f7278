"""Inviting people: by a link, by mail, by the domain of their address; who came by which."""

from datetime import timedelta

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import invitations
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Role
from fediterr.core import db, errors, site
from fediterr.moderation import welcoming
from fediterr.web import forms, rendering, session
from fediterr.web.moderation import words

blueprint = Blueprint("invitations", __name__, url_prefix="/moderation/invitations")

BEGINNING = {"uses": "1", "days": "14", "role": Role.MEMBER.value}


@blueprint.get("")
def listed() -> Response:
    return _page(forms.Form(BEGINNING))


def _page(form: forms.Form, status: int = 200) -> Response:
    session.require_moderator()
    user, found, domains = session.require_user(), invitations.listed(rendering.page()), invitations.welcomed()
    inviters = {each.account_id for each in found} | {each.account_id for each in domains}
    return rendering.show(
        "moderation/invitations.html",
        status=status,
        form=form,
        listed=found,
        comers=invitations.comers(found),
        people=accounts.many({each for each in inviters if each is not None}),
        is_open=invitations.is_open,
        address=invitations.address,
        roles=[(role, word) for role, word in words.roles().items() if accounts.ranks(user, role)],
        named=words.roles(),
        domains=domains,
        mode=site.settings().registrations,
    )


@blueprint.post("")
def invite() -> Response:
    me, form = session.require_moderator(), forms.sent()
    try:
        made = welcoming.invite(
            me,
            most=_number(form, "uses"),
            lasts=timedelta(days=days) if (days := _number(form, "days")) else None,
            role=form.value("role"),
            note=form.value("note").strip(),
            email=form.value("email").strip(),
        )
    except (errors.Invalid, errors.Conflict, errors.Forbidden) as problem:
        db.end()
        return _page(form.refuse(problem), 403 if isinstance(problem, errors.Forbidden) else 400)
    if made.email:
        flask.flash(_("L’invitation part à %(email)s.", email=made.email))
    else:
        flask.flash(_("L’invitation est prête : copiez son lien."))
    return rendering.lead(f"{flask.url_for('web.invitations.listed')}#invitation-{made.id}")


def _number(form: forms.Form, name: str) -> int | None:
    """What was chosen; nothing for "without end"."""
    value = form.value(name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


@blueprint.post("/<int:identifier>/retirer")
def revoke(identifier: int) -> Response:
    welcoming.revoke(session.require_moderator(), invitations.get(identifier))
    flask.flash(_("Cette invitation ne sert plus. Les personnes venues par elle restent."))
    return rendering.lead(flask.url_for("web.invitations.listed"))


@blueprint.post("/domaines")
def welcome_domain() -> Response:
    me, form = session.require_moderator(), forms.sent()
    form.require("domain", _("Indiquez un domaine, par exemple ville.example."))
    if form.wrong:
        return _page(form, 400)
    try:
        welcoming.welcome_domain(me, form.value("domain"))
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        form.wrong["domain"] = form.refuse(problem).wrong.popitem()[1]
        return _page(form, 400)
    flask.flash(_("Les adresses de ce domaine sont accueillies sans attente."))
    return rendering.lead(f"{flask.url_for('web.invitations.listed')}#domains")


@blueprint.post("/domaines/retirer")
def dismiss_domain() -> Response:
    welcoming.dismiss_domain(session.require_moderator(), forms.sent().value("domain"))
    flask.flash(_("Ce domaine n’est plus accueilli sans attente."))
    return rendering.lead(f"{flask.url_for('web.invitations.listed')}#domains")
