"""Lists of some of those one follows: each has its own Fil."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import db, errors
from fediterr.core.paging import Page
from fediterr.social import follows, lists, timelines
from fediterr.social.models import List, Replies
from fediterr.social.models.filters import Context
from fediterr.web import directory, feed, forms, rendering, session
from fediterr.web.cards import Cards

blueprint = Blueprint("lists", __name__, url_prefix="/listes")

MEMBERS = 500  # of a list, or of those whom one may add, shown at once


@blueprint.get("")
def listed() -> Response:
    me = session.require()
    return _listed(me, forms.Form({"replies": Replies.LIST}))


def _listed(me: Account, form: forms.Form, status: int = 200) -> Response:
    return rendering.show("lists/listed.html", status=status, lists=lists.of(me), form=form)


@blueprint.post("")
def make() -> Response:
    form, me = forms.sent(), session.require()
    try:
        made = lists.make(me, form.value("title"), form.value("replies"), exclusive=form.is_on("exclusive"))
    except errors.Invalid as problem:
        db.end()
        return _listed(session.require(), form.refuse(problem), 400)
    flask.flash(_("La liste « %(title)s » est créée : choisissez qui en fait partie.", title=made.title))
    return rendering.lead(flask.url_for("web.lists.members", identifier=made.id))


@blueprint.get("/<int:identifier>")
def show(identifier: int) -> Response:
    """The Fil of a list."""
    me = session.require()
    wanted = lists.get(me, identifier)
    found = timelines.of_list(wanted, me, rendering.page())
    cards = Cards.of(me, found, Context.HOME)
    return feed.show("list", wanted.title, found, cards, template="lists/feed.html", list=wanted)


@blueprint.get("/<int:identifier>/modifier")
def change(identifier: int) -> Response:
    wanted = lists.get(session.require(), identifier)
    values = {"title": wanted.title, "replies": wanted.replies, "exclusive": "1" if wanted.exclusive else ""}
    return _change(wanted, forms.Form(values))


def _change(wanted: List, form: forms.Form, status: int = 200) -> Response:
    return rendering.show("lists/change.html", status=status, list=wanted, form=form)


@blueprint.post("/<int:identifier>/modifier")
def save(identifier: int) -> Response:
    form, wanted = forms.sent(), lists.get(session.require(), identifier)
    try:
        lists.change(wanted, form.value("title"), form.value("replies"), exclusive=form.is_on("exclusive"))
    except errors.Invalid as problem:
        db.end()
        return _change(lists.get(session.require(), identifier), form.refuse(problem), 400)
    flask.flash(_("La liste est enregistrée."))
    return rendering.lead(flask.url_for("web.lists.show", identifier=identifier))


@blueprint.get("/<int:identifier>/supprimer")
def confirm(identifier: int) -> Response:
    return rendering.show("lists/delete.html", list=lists.get(session.require(), identifier))


@blueprint.post("/<int:identifier>/supprimer")
def delete(identifier: int) -> Response:
    lists.remove(lists.get(session.require(), identifier))
    flask.flash(_("La liste est supprimée. Vous suivez toujours les personnes qui y étaient."))
    return rendering.lead(flask.url_for("web.lists.listed"))


# --- who is on it --------------------------------------------------------------------------------------------------


@blueprint.get("/<int:identifier>/membres")
def members(identifier: int) -> Response:
    """Who is on a list, and who of those one follows could be."""
    me = session.require()
    wanted, everybody = lists.get(me, identifier), Page(limit=MEMBERS)
    there = [each.account for each in lists.members(wanted, everybody)]
    known = {account.id for account in there}
    others = [each.target for each in follows.following(me, everybody, me) if each.target_id not in known]
    return rendering.show("lists/members.html", list=wanted, people=there, others=others)


@blueprint.post("/<int:identifier>/membres/<int:person>")
def put(identifier: int, person: int) -> Response:
    """Put somebody on a list, or take them off."""
    wanted, member = lists.get(session.require(), identifier), accounts.get(person)
    said = {"name": member.shown_name, "title": wanted.title}
    if request.form.get("on") == "0":
        lists.take_off(wanted, [person])
        flask.flash(_("%(name)s n’est plus dans la liste « %(title)s ».", **said))
    else:
        lists.add(wanted, [person])
        flask.flash(_("%(name)s est dans la liste « %(title)s ».", **said))
    onward = flask.url_for("web.lists.members", identifier=identifier)
    return rendering.lead(session.local_path(request.form.get("next"), onward))


@blueprint.get("/pour/<int:person>")
def of_person(person: int) -> Response:
    """On which of one's lists somebody is."""
    me, member = session.require(), accounts.get(person)
    on = {each.id for each in lists.with_member(me, member)}
    relation = directory.between(me, [member])[member.id]
    return rendering.show("lists/person.html", account=member, lists=lists.of(me), on=on, relation=relation)
