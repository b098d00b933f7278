"""Coming into a community, asking to, taking an invitation; and leaving."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts.models import Account
from fediterr.social import communities
from fediterr.web import forms, rendering, session
from fediterr.web.communities import doors, hall

blueprint = Blueprint("joining", __name__, url_prefix="/@<handle>")


@blueprint.get("/rejoindre")
def ask(handle: str) -> Response:
    """Where one asks to come in, with a word to who decides."""
    session.require()
    return _ask(doors.group_of(handle), forms.Form({}))


def _ask(group: Account, form: forms.Form, status: int = 200) -> Response:
    found = hall.of(group, session.require())
    return rendering.show("communities/ask.html", status=status, hall=found, form=form, longest=communities.RULE)


@blueprint.post("/rejoindre")
def join(handle: str) -> Response:
    """Come in at once, take an invitation, or wait for an answer."""
    me, group, form = session.require(), doors.group_of(handle), forms.sent()
    communities.ask_in(me, group, form.value("words"))
    if hall.of(group, me).is_member:
        flask.flash(_("Vous êtes membre de %(name)s.", name=group.shown_name))
    else:
        flask.flash(_("Votre demande est envoyée à %(name)s.", name=group.shown_name))
    return rendering.lead(rendering.address_of(group))


@blueprint.get("/quitter")
def confirm(handle: str) -> Response:
    session.require()
    return rendering.show("communities/leave.html", hall=hall.of(doors.group_of(handle), session.require()))


@blueprint.post("/quitter")
def leave(handle: str) -> Response:
    """Be in no longer, take back what one asked, or decline."""
    me, group = session.require(), doors.group_of(handle)
    was_member = hall.of(group, me).is_member
    communities.leave(me, group)
    flask.flash(_("Vous n’êtes plus membre de %(name)s.", name=group.shown_name) if was_member else _("C’est retiré."))
    return rendering.lead(rendering.address_of(group))
