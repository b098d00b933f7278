"""Direct messages: conversations with what was said in them, in order, and where one answers or begins one."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import db, errors, text
from fediterr.social import conversations, posts, timelines
from fediterr.social.drafts import Draft
from fediterr.social.models import Conversation, Post, Visibility
from fediterr.web import forms, rendering, session
from fediterr.web.cards import Cards
from fediterr.web.writing import look_up_mentioned

blueprint = Blueprint("messages", __name__, url_prefix="/messages")


@blueprint.get("")
def listed() -> Response:
    """With whom one talks, the last spoken with first."""
    me = session.require()
    found = conversations.listed(me, rendering.page())
    others = conversations.others(found)
    last = {post.id: post for post in timelines.whole([each.last_post_id for each in found], me)}
    known = accounts.many({person for everybody in others.values() for person in everybody})
    people = {key: [known[each] for each in everybody if each in known] for key, everybody in others.items()}
    return rendering.show("messages/listed.html", listed=found, people=people, last=last)


@blueprint.get("/nouveau")
def begin() -> Response:
    session.require()
    return _beginning(forms.Form({"to": request.args.get("a", "")}))


def _beginning(form: forms.Form, status: int = 200) -> Response:
    return rendering.show("messages/begin.html", status=status, form=form)


@blueprint.post("/nouveau")
def send() -> Response:
    """Write to people who may be known nowhere here yet: their servers are asked."""
    session.require()
    form = forms.sent()
    handles = [f"@{handle.strip('@')}" for handle in form.value("to").replace(",", " ").split() if handle.strip("@")]
    look_up_mentioned(" ".join(handles))
    me = session.require()
    people = {handle: accounts.by_handle(handle) for handle in dict.fromkeys(handles)}
    unknown = [handle for handle, person in people.items() if person is None or not person.active]
    if not people:
        form.wrong["to"] = _("Indiquez à qui vous écrivez, par exemple @nom@serveur.")
    elif unknown:
        form.wrong["to"] = _("Personne ne répond à cette adresse : %(handles)s.", handles=", ".join(unknown))
    form.require("words", _("Écrivez votre message."))
    if form.wrong:
        return _beginning(form, 400)
    try:
        post = _publish(me, form, [person for person in people.values() if person], None)
    except errors.Invalid as problem:
        db.end()
        return _beginning(form.refuse(problem), 400)
    flask.flash(_("Votre message est envoyé."))
    return rendering.lead(flask.url_for("web.messages.show", identifier=conversations.of_post(post).id))


def _publish(me: Account, form: forms.Form, people: list[Account], answered: Post | None) -> Post:
    """Say it to these people, who are named in it: that is how it finds them on every server."""
    words = form.value("words").strip()
    named = {account.id for handle in text.find_mentions(words) if (account := accounts.by_handle(handle))}
    before = [f"@{person.handle}" for person in people if person.id not in named]
    draft = Draft(visibility=Visibility.DIRECT, in_reply_to=answered)
    return posts.publish(me, posts.compose(me, " ".join([*before, words]), draft))


# --- one conversation ----------------------------------------------------------------------------------------------


@blueprint.get("/<int:identifier>")
def show(identifier: int) -> Response:
    """What was said, the oldest of the page first; who looks at its end has read it."""
    if conversations.get(session.require(), identifier).unread and "max_id" not in request.args:
        with db.transaction():
            conversations.mark(conversations.get(session.require(), identifier), unread=False)
    return _conversation(conversations.get(session.require(), identifier), forms.Form({}))


def _conversation(found: Conversation, form: forms.Form, status: int = 200) -> Response:
    me = session.require()
    said = conversations.said(found, rendering.page())
    people = _people(found)
    return rendering.show(
        "messages/show.html", status=status, conversation=found, said=said, newest_first=said[::-1], people=people,
        cards=Cards.of(me, said), form=form,
    )  # fmt: skip


def _people(found: Conversation) -> list[Account]:
    [others] = conversations.others([found]).values()
    known = accounts.many(set(others))
    return [known[person] for person in others if person in known]


@blueprint.post("/<int:identifier>")
def answer(identifier: int) -> Response:
    form = forms.sent()
    session.require()
    look_up_mentioned(form.value("words"))
    me = session.require()
    found = conversations.get(me, identifier)
    form.require("words", _("Écrivez votre message."))
    if form.wrong:
        return _conversation(found, form, 400)
    last = next(iter(timelines.whole([found.last_post_id], me)), None)
    try:
        post = _publish(me, form, _people(found), last)
    except errors.Invalid as problem:
        db.end()
        return _conversation(conversations.get(session.require(), identifier), form.refuse(problem), 400)
    onward = flask.url_for("web.messages.show", identifier=conversations.of_post(post).id, _anchor=f"m{post.id}")
    return rendering.lead(onward)


@blueprint.post("/<int:identifier>/non-lu")
def unread(identifier: int) -> Response:
    conversations.mark(conversations.get(session.require(), identifier), unread=True)
    return rendering.lead(flask.url_for("web.messages.listed"))


@blueprint.get("/<int:identifier>/retirer")
def confirm(identifier: int) -> Response:
    found = conversations.get(session.require(), identifier)
    return rendering.show("messages/remove.html", conversation=found, people=_people(found))


@blueprint.post("/<int:identifier>/retirer")
def remove(identifier: int) -> Response:
    conversations.remove(conversations.get(session.require(), identifier))
    flask.flash(_("La conversation est retirée de vos messages."))
    return rendering.lead(flask.url_for("web.messages.listed"))
