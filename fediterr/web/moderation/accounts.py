"""Accounts as moderators look for them, and everything that may be decided about one."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import second_factors, visits
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind, Role
from fediterr.core import db, errors
from fediterr.core.paging import Page
from fediterr.moderation import appeals, journal, offices, people, registry, reports
from fediterr.social import timelines
from fediterr.web import forms, rendering, session
from fediterr.web.moderation import deciding, words
from fediterr.web.moderation.overview import people_of

blueprint = Blueprint("moderated_accounts", __name__, url_prefix="/moderation/comptes")

SHOWN = 20  # reports, lines and posts on the page of one account
NETWORKS = 10


@blueprint.get("")
def listed() -> Response:
    session.require_moderator()
    form = forms.Form(request.args)
    try:
        found = registry.listed(_wanted(form), rendering.page())
    except errors.Invalid as problem:
        form.refuse(problem)
        found = []
    users = registry.users_of(found)
    return rendering.show("moderation/accounts.html", listed=found, users=users, form=form, status=_status(form))


def _status(form: forms.Form) -> int:
    return 400 if form.wrong else 200


def _wanted(form: forms.Form) -> registry.Wanted:
    name, _at, domain = form.value("nom").strip().removeprefix("@").partition("@")
    return registry.Wanted(
        origin=form.value("origine"), status=form.value("etat"), staff=form.is_on("equipe"),
        words=name, by_domain=form.value("serveur") or domain, email=form.value("courriel"), ip=form.value("reseau"),
    )  # fmt: skip


@blueprint.get("/<int:identifier>")
def account(identifier: int) -> Response:
    session.require_moderator()
    return _show(_found(identifier), forms.Form({}))


def _found(identifier: int) -> Account:
    found = accounts.get(identifier)
    if found.kind == Kind.APPLICATION:
        raise errors.NotFound("There is no such account.")
    return found


def _show(found: Account, form: forms.Form, status: int = 200) -> Response:
    me, user, some = session.require_moderator(), accounts.user_of(found), Page(limit=SHOWN)
    about = reports.listed(some, resolved=None, target_id=found.id)
    by = reports.listed(some, resolved=None, reporter_id=found.id)
    lines = journal.listed(Page(limit=50), journal.Wanted(target_id=found.id))
    touchable = deciding.may_touch(me, found)
    return rendering.show(
        "moderation/account.html", status=status, found=found, user=user, form=form, touchable=touchable,
        networks=visits.places([user.id]).get(user.id, [])[:NETWORKS] if user and touchable else [],
        about=about, by=by, lines=lines, contested=appeals.of([line.id for line in lines]),
        measures=deciding.offered(me, found), posts=timelines.as_moderators_see(_recent(found)),
        is_administrator=session.is_administrator(), has_second_factor=user is not None and second_factors.is_on(user),
        roles=list(Role), act=words.act, category=words.category,
        people={**people_of(lines), **accounts.many({each.target_id for each in by})},
    )  # fmt: skip


def _recent(found: Account) -> list[int]:
    """What somebody published last in the open."""
    return [post.id for post in timelines.of_account(found, None, Page(limit=5), boosts=False)]


def _back(found: Account) -> Response:
    return rendering.lead(flask.url_for("web.moderated_accounts.account", identifier=found.id))


# --- deciding ------------------------------------------------------------------------------------------------------


@blueprint.post("/<int:identifier>/decider")
def decide(identifier: int) -> Response:
    me, found, form = session.require_moderator(), _found(identifier), forms.sent()
    chosen = [number for number in _recent(found) if form.is_on(f"post-{number}")]
    if deciding.is_incomplete(form, chosen):
        return _show(found, form, 400)
    if form.value("measure") == people.DELETE and not form.is_on("confirmed"):
        page = flask.url_for("web.moderated_accounts.account", identifier=found.id)
        return deciding.confirm(form, chosen, found, page)
    try:
        deciding.act(me, found, form, chosen, None)
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return _show(_found(identifier), form.refuse(problem), 400)
    return _back(found)


@blueprint.post("/<int:identifier>/lever")
def undo(identifier: int) -> Response:
    me, found = session.require_moderator(), _found(identifier)
    deciding.undo(me, found, request.form.get("way_back", ""))
    return _back(found)


@blueprint.post("/<int:identifier>/note")
def note(identifier: int) -> Response:
    """A word between moderators."""
    me, found, form = session.require_moderator(), _found(identifier), forms.sent()
    form.require("note", _("Écrivez la note."))
    if len(form.value("note")) > people.NOTE:
        form.wrong["note"] = _("C’est trop long.")
    if form.wrong:
        return _show(found, form, 400)
    people.note(me, found, form.value("note"))
    return _back(found)


@blueprint.post("/<int:identifier>/role")
def give_role(identifier: int) -> Response:
    me, found, form = session.require_administrator(), _found(identifier), forms.sent()
    user = accounts.user_of(found)
    if user is None:
        raise errors.NotFound("Nobody signs in to this account.")
    try:
        offices.give_role(me, user, form.value("role"))
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return _show(_found(identifier), form.refuse(problem), 400)
    flask.flash(_("Le rôle est changé."))
    return _back(found)


@blueprint.post("/<int:identifier>/double-authentification")
def reset_second_factor(identifier: int) -> Response:
    me, found = session.require_administrator(), _found(identifier)
    people.reset_second_factor(me, found)
    flask.flash(_("La double authentification est retirée : le mot de passe suffit à la prochaine connexion."))
    return _back(found)


@blueprint.get("/<int:identifier>/supprimer")
def ask_to_delete(identifier: int) -> Response:
    me, found = session.require_administrator(), _found(identifier)
    people.require_rank(me, found)
    return rendering.show("moderation/delete_account.html", found=found, form=forms.Form({}))


@blueprint.post("/<int:identifier>/supprimer")
def delete(identifier: int) -> Response:
    """For good: only what is suspended, and only when its name was typed."""
    me, found, form = session.require_administrator(), _found(identifier), forms.sent()
    if form.value("handle").strip().removeprefix("@").lower() not in (found.handle.lower(), found.full_handle.lower()):
        form.wrong["handle"] = _("Ce n’est pas le nom de ce compte.")
        return rendering.show("moderation/delete_account.html", status=400, found=found, form=form)
    people.delete(me, found)
    flask.flash(_("Le compte %(name)s est supprimé.", name=f"@{found.full_handle}"))
    return rendering.lead(flask.url_for("web.moderated_accounts.listed"))
