"""The other servers as administrators look at them, and two gestures for one that fails: try again, forget."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import ngettext

from fediterr.activitypub import peers
from fediterr.core import errors, site
from fediterr.web import forms, rendering, session

blueprint = Blueprint("federation", __name__, url_prefix="/administration/federation")

KINDS = {"": "all", "difficulte": "failing", "attente": "waiting"}  # as addresses say them


@blueprint.get("")
def overview() -> Response:
    session.require_administrator()
    form = forms.Form(request.args)
    found = peers.listed(
        kind=KINDS.get(form.value("etat"), "all"), about=form.value("nom"), after=form.value("apres")
    )  # fmt: skip
    onward = found[-1].name if len(found) == peers.PAGE else ""
    return rendering.show(
        "administration/federation.html", listed=found, totals=peers.totals(), form=form, onward=onward,
        by_list=site.settings().federation_mode != "open",
    )  # fmt: skip


def _peer(name: str) -> peers.Peer:
    found = peers.find(name)
    if found is None:
        raise errors.NotFound("There is no such server.")
    return found


@blueprint.get("/<name>")
def peer(name: str) -> Response:
    session.require_administrator()
    found = _peer(name)
    return rendering.show("administration/peer.html", peer=found, problem=_said(found.last_error))


def _said(error: str) -> str:
    """What went wrong, in the reader's words where there are some; it is kept as programs say it."""
    if error.startswith("answered "):
        return str(_("Il a répondu par une erreur (%(status)s).", status=error.removeprefix("answered ")))
    if error.endswith(("cannot be reached.", "took too long.", "broke off.")):
        return str(_("Il ne répond pas."))
    if error.startswith("The name "):
        return str(_("Son nom ne mène nulle part."))
    return error


@blueprint.post("/<name>/reessayer")
def try_again(name: str) -> Response:
    me = session.require_administrator()
    peers.try_again(_peer(name).name, me)
    flask.flash(_("%(name)s est rappelé dès maintenant. Revenez dans un instant.", name=name))
    return rendering.lead(flask.url_for("web.federation.peer", name=name))


@blueprint.get("/<name>/vider")
def ask_to_forget(name: str) -> Response:
    session.require_administrator()
    return rendering.show("administration/peer_forget.html", peer=_peer(name))


@blueprint.post("/<name>/vider")
def forget(name: str) -> Response:
    me = session.require_administrator()
    gone = peers.forget_queue(_peer(name).name, me)
    flask.flash(ngettext("Un envoi est jeté.", "%(num)d envois sont jetés.", gone))
    return rendering.lead(flask.url_for("web.federation.peer", name=name))
