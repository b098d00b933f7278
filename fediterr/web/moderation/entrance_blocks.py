"""Who may not register: e-mail domains, e-mail addresses, networks."""

from collections.abc import Callable
from typing import Any

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts.models import Account
from fediterr.core import db, errors
from fediterr.core.paging import Page
from fediterr.moderation import entrance
from fediterr.moderation.models import CanonicalEmailBlock, EmailDomainBlock, IpBlock, IpSeverity
from fediterr.web import forms, rendering, session
from fediterr.web.moderation import words

blueprint = Blueprint("entrance_blocks", __name__, url_prefix="/moderation/adresses-refusees")

KINDS: dict[str, Any] = {"domaines": EmailDomainBlock, "adresses": CanonicalEmailBlock, "reseaux": IpBlock}
LIFTED: dict[str, Callable[[Any, Account], None]] = {
    "domaines": entrance.unblock_email_domain,
    "adresses": entrance.unblock_canonical,
    "reseaux": entrance.unblock_ip,
}
SHOWN = 200
DAY = 86_400
LASTS = {"": None, "1": DAY, "7": 7 * DAY, "30": 30 * DAY, "365": 365 * DAY}


@blueprint.get("")
def listed() -> Response:
    session.require_moderator()
    return _show(request.args.get("liste", ""), forms.Form({}))


def _show(kind: str, form: forms.Form, status: int = 200) -> Response:
    kind = kind if kind in KINDS else "domaines"
    found = entrance.listed(KINDS[kind], Page(limit=SHOWN))
    tried = entrance.attempts(found) if kind == "domaines" else {}
    return rendering.show(
        "moderation/entrance.html", status=status, kind=kind, listed=found, form=form,
        attempts={number: sum(uses for _day, _places, uses in days) for number, days in tried.items()},
        severities=words.ip_severities(), is_administrator=session.is_administrator(),
    )  # fmt: skip


@blueprint.post("/<any(domaines, adresses, reseaux):kind>")
def add(kind: str) -> Response:
    me, form = session.require_administrator(), forms.sent()
    try:
        if kind == "domaines":
            approval = form.value("approval") == "approval"
            entrance.block_email_domain(form.value("value"), me, allow_with_approval=approval)
        elif kind == "adresses":
            entrance.block_canonical(_address(form.value("value")), None, me)
        else:
            _block_network(form, me)
    except errors.Invalid as problem:
        db.end()
        form.wrong["value"] = next(iter(form.refuse(problem).wrong.values()))
        form.wrong.pop("", None)
        return _show(kind, form, 400)
    flask.flash(_("C’est refusé désormais."))
    return rendering.lead(flask.url_for("web.entrance_blocks.listed", liste=kind))


def _address(value: str) -> str:
    if "@" not in value.strip("@ "):
        raise errors.Invalid("This is not an e-mail address.")
    return value


def _block_network(form: forms.Form, me: Account) -> None:
    """Not the network of whoever asks: they could never take it back on these pages."""
    severity = form.value("severity")
    if severity == IpSeverity.ACCESS and entrance.holds(form.value("value"), request.remote_addr):
        raise errors.Invalid("You are in this network yourself.")
    entrance.block_ip(
        form.value("value"), severity, me,
        comment=form.value("comment").strip()[:500], expires_in=LASTS.get(form.value("lasts")),
    )  # fmt: skip


@blueprint.post("/<any(domaines, adresses, reseaux):kind>/<int:identifier>/retirer")
def remove(kind: str, identifier: int) -> Response:
    me, found = session.require_administrator(), entrance.get(KINDS[kind], identifier)
    LIFTED[kind](found, me)
    flask.flash(_("Ce n’est plus refusé."))
    return rendering.lead(flask.url_for("web.entrance_blocks.listed", liste=kind))
