"""The page of a post, and what one does with it: relay, find useful, vote, change, delete."""

import dataclasses

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.core import db, errors, site
from fediterr.social import likes, polls, timelines, visibility
from fediterr.social import posts as said
from fediterr.social.drafts import Draft, PollDraft
from fediterr.social.models import Poll, Post
from fediterr.web import forms, problems, protection, rendering, session
from fediterr.web.cards import Cards, depths
from fediterr.web.feed import answer_to

blueprint = Blueprint("posts", __name__, url_prefix="/@<handle>/<int:identifier>")


@blueprint.get("")
def post(handle: str, identifier: int) -> Response:
    """A post with what it answers and what answers it."""
    me = session.viewer()
    found = _seen(handle, identifier)
    if found.boost_of is not None:
        return rendering.lead(rendering.address_of(found.boost_of))
    if me is None and not found.local:
        return rendering.show("outside.html", address=found.url or found.uri, author=found.author)
    before, after = timelines.thread(found, me)
    return rendering.show(
        "post.html", post=found, before=before, after=after, depths=depths(found, after),
        cards=Cards.of(me, [*before, found, *after]),
        form=forms.Form(answer_to(me, found)) if me else None,
    )  # fmt: skip


@blueprint.get("/embed")
def embed(handle: str, identifier: int) -> Response:
    """An open post of here by itself, to be framed by any site: nobody is signed in on it, and nothing can be done."""
    session.be_a_visitor()
    found = _seen(handle, identifier)
    if not found.local or found.boost_of is not None:
        raise errors.NotFound("There is no such post.")
    page = rendering.show("embed.html", post=found, cards=Cards.of(None, [found]))
    page.headers["Content-Security-Policy"] = protection.content_security(frames=protection.ANYWHERE)
    return page


def _seen(handle: str, identifier: int) -> Post:
    """The post with all that shows it; what is hidden is not told from what is missing, what was open may be gone."""
    me = session.viewer()
    try:
        post = visibility.seen(me, identifier)
    except errors.NotFound:
        if said.was_public(site.post_uri(identifier)):
            raise errors.Gone("This post was deleted.") from None
        raise
    if post.author.handle.lower() != handle.lower():
        raise errors.NotFound("There is no such post.")
    return timelines.whole([post.id], me)[0]


def _back(post: Post) -> Response:
    """To the page that the button was on, at the same post."""
    onward = session.local_path(request.form.get("next"), rendering.address_of(post))
    return rendering.lead(f"{onward.partition('#')[0]}#m{post.id}")


# --- small gestures ------------------------------------------------------------------------------------------------


@blueprint.post("/relayer")
def boost(handle: str, identifier: int) -> Response:
    me, post = session.require(), _seen(handle, identifier)
    if request.form.get("on") == "0":
        found = said.find_boost(me, post)
        if found:
            said.unboost(found)
    else:
        said.boost(me, post)
    return _back(post)


@blueprint.post("/utile")
def like(handle: str, identifier: int) -> Response:
    me, post = session.require(), _seen(handle, identifier)
    if request.form.get("on") == "0":
        likes.unlike(me, post)
    else:
        likes.like(me, post)
    return _back(post)


@blueprint.post("/voter")
def vote(handle: str, identifier: int) -> Response:
    me, post = session.require(), _seen(handle, identifier)
    try:
        polls.vote(me, post, [int(choice) for choice in request.form.getlist("choice") if choice.isdecimal()])
    except errors.Invalid as problem:
        flask.flash(problems.words_of(problem), "bad")
        return _back(post)
    flask.flash(_("Votre réponse est enregistrée."))
    return _back(post)


# --- one's own -----------------------------------------------------------------------------------------------------


def _own(handle: str, identifier: int) -> Post:
    me, post = session.require(), _seen(handle, identifier)
    if post.author_id != me.id or post.boost_of_id:
        raise errors.Forbidden("Only its author may change a post.")
    return post


@blueprint.get("/modifier")
def change(handle: str, identifier: int) -> Response:
    post = _own(handle, identifier)
    form = forms.Form({"words": post.source or "", "warning": post.warning, "language": post.language or ""})
    return rendering.show("edit.html", post=post, form=form)


@blueprint.post("/modifier")
def save(handle: str, identifier: int) -> Response:
    form, post = forms.sent(), _own(handle, identifier)
    try:
        said.edit(post, said.compose(post.author, form.value("words"), _changed(post, form)))
    except errors.Invalid as problem:
        db.end()
        return rendering.show("edit.html", status=400, post=_own(handle, identifier), form=form.refuse(problem))
    flask.flash(_("Votre message est modifié."))
    return rendering.lead(rendering.address_of(post))


def _changed(post: Post, form: forms.Form) -> Draft:
    """The draft of a post as it is, with what the form changes; the poll and the files stay."""
    draft = Draft(in_reply_to=post.in_reply_to, visibility=post.visibility, kind=post.kind, language=post.language)
    return dataclasses.replace(
        draft, title=post.title, summary=post.summary, warning=form.value("warning").strip()[:500],
        uploads=tuple(post.media), poll=_as_asked(post.poll), link=post.link, details=post.details,
        quoted=post.quote.quoted if post.quote else None,
    )  # fmt: skip


def _as_asked(poll: Poll | None) -> PollDraft | None:
    if poll is None:
        return None
    return PollDraft(tuple(poll.options), poll.multiple, ends_at=poll.ends_at, closed_at=poll.closed_at)


@blueprint.get("/supprimer")
def confirm(handle: str, identifier: int) -> Response:
    post = _own(handle, identifier)
    return rendering.show("delete.html", post=post, cards=Cards.of(session.viewer(), [post]))


@blueprint.post("/supprimer")
def delete(handle: str, identifier: int) -> Response:
    said.delete(_own(handle, identifier))
    flask.flash(_("Votre message est supprimé, et les serveurs qui l’ont reçu sont prévenus."))
    return rendering.lead(flask.url_for("web.feed.home"))
