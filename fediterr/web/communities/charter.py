"""What a community is, for its moderators to change: its texts, its rules, who comes in, who reads it."""

from dataclasses import replace

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import resolver
from fediterr.core import db, errors
from fediterr.core.paging import Page
from fediterr.moderation import circles
from fediterr.social import communities
from fediterr.social.communities import Charter
from fediterr.social.models import Joining
from fediterr.web import forms, rendering, session
from fediterr.web.communities import doors, words
from fediterr.web.communities.hall import Hall
from fediterr.web.moderation import words as moderation_words

blueprint = Blueprint("charter", __name__, url_prefix="/@<handle>/reglages")

DECISIONS = 30  # of the journal, shown at once


def check(form: forms.Form) -> None:
    """Say what a form of a community lacks."""
    form.require("title", _("Donnez un nom à la communauté."))
    if form.value("joining") not in set(Joining):
        form.wrong["joining"] = _("Choisissez qui peut entrer.")
    if form.value("joining") == Joining.NATURE and not words.natures_in(form):
        form.wrong["natures"] = _("Cochez au moins une sorte de collectivité.")


def read(form: forms.Form, before: Charter) -> Charter:
    """What was chosen and typed; what the form does not speak of stays."""
    joining = form.value("joining")
    return replace(
        before,
        title=form.value("title").strip(),
        summary=form.value("summary").strip(),
        rules=tuple(line.strip() for line in form.value("rules").splitlines() if line.strip()),
        joining=joining,
        natures=tuple(words.natures_in(form)) if joining == Joining.NATURE else (),
        private=form.is_on("private"),
        moderators_only=form.is_on("moderators_only"),
    )


@blueprint.get("")
def show(handle: str) -> Response:
    found = doors.require_moderator(handle)
    return _show(found, forms.Form(_as_it_is(found)))


def _as_it_is(found: Hall) -> dict[str, str]:
    before = communities.charter_of(found.known)
    return {
        "title": before.title,
        "summary": before.summary,
        "rules": "\n".join(before.rules),
        "joining": before.joining,
        "private": "1" if before.private else "",
        "moderators_only": "1" if before.moderators_only else "",
        **words.ticked(before.natures),
    }


def _show(found: Hall, form: forms.Form, status: int = 200) -> Response:
    decisions = circles.of(found.group, Page(limit=DECISIONS))
    return rendering.show(
        "communities/charter.html", status=status, hall=found, form=form, ways=words.WAYS, natures=words.NATURES,
        decisions=decisions, act=moderation_words.act,
        carried=communities.linked(found.group),
        people=accounts.many({each.actor_id for each in decisions if each.actor_id is not None}),
    )  # fmt: skip


@blueprint.post("")
def save(handle: str) -> Response:
    found, form = doors.require_moderator(handle), forms.sent()
    check(form)
    if form.wrong:
        return _show(found, form, 400)
    try:
        communities.change(session.require(), found.group, read(form, communities.charter_of(found.known)))
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return _show(doors.require_moderator(handle), form.refuse(problem), 400)
    flask.flash(_("La communauté est enregistrée."))
    return rendering.lead(flask.url_for("web.charter.show", handle=handle))


# --- carried by several servers ------------------------------------------------------------------------------------


@blueprint.post("/liens")
def link(handle: str) -> Response:
    """Carry what is said in a community of elsewhere, too (FEP-d36d)."""
    doors.require_moderator(handle)
    form = forms.sent()
    wanted = form.value("address").strip()[:500]
    db.end()
    other = resolver.look_up(f"@{wanted[1:]}" if wanted.startswith("!") else wanted)
    db.begin_writing()
    found = doors.require_moderator(handle)
    if not isinstance(other, Account):
        return _refuse_link(found, form, errors.NotFound("No community answers at this address."))
    try:
        communities.link(session.require(), found.group, accounts.get(other.id))
    except (errors.Invalid, errors.Forbidden) as problem:
        db.end()
        return _refuse_link(doors.require_moderator(handle), form, problem)
    flask.flash(_("C’est demandé : ce qui s’y dit paraîtra ici dès que l’autre communauté l’accepte."))
    return rendering.lead(flask.url_for("web.charter.show", handle=handle))


def _refuse_link(found: Hall, form: forms.Form, problem: errors.Problem) -> Response:
    return _show(found, forms.Form({**_as_it_is(found), **form.values}).refuse(problem), 400)


@blueprint.post("/liens/<int:identifier>/defaire")
def unlink(handle: str, identifier: int) -> Response:
    found = doors.require_moderator(handle)
    communities.unlink(session.require(), found.group, accounts.get(identifier))
    flask.flash(_("Cette communauté n’est plus relayée ici."))
    return rendering.lead(flask.url_for("web.charter.show", handle=handle))
