"""The page of a post, and what one does with it: relay, find useful, keep, vote, pin, hear no more of it."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.activitypub import directories
from fediterr.core import errors, site
from fediterr.social import likes, placement, polls, threads, timelines, visibility
from fediterr.social import posts as said
from fediterr.social.models import Post
from fediterr.social.models.filters import Context
from fediterr.web import composing, forms, problems, protection, rendering, session
from fediterr.web.cards import Cards, branches

blueprint = Blueprint("posts", __name__, url_prefix="/@<handle>/<int:identifier>")


@blueprint.get("")
def post(handle: str, identifier: int) -> Response:
    """A post with what it answers and what answers it."""
    me = session.viewer()
    found = seen(handle, identifier)
    if found.boost_of is not None:
        return rendering.lead(rendering.address_of(found.boost_of))
    if me is None and not found.local:
        return rendering.show("outside.html", address=found.url or found.uri, author=found.author)
    before, after = timelines.thread(found, me)
    cards = Cards.of(me, [*before, found, *after], Context.THREAD)
    locked, group = placement.is_locked(found), cards.groups.get(found.id)
    may_answer = not locked or (group is not None and group.id in cards.moderated)
    return rendering.show(
        "post.html", post=found, before=cards.shown(before), branches=branches(found, cards.shown(after)),
        cards=cards, silent=bool(me and threads.is_muted(me, found)),
        form=forms.Form(composing.answer_to(me, found)) if me and may_answer else None, locked=locked,
        new_page=directories.new_page_of(found),
    )  # fmt: skip


@blueprint.get("/embed")
def embed(handle: str, identifier: int) -> Response:
    """An open post of here by itself, to be framed by any site: nobody is signed in on it, and nothing can be done."""
    session.be_a_visitor()
    found = seen(handle, identifier)
    if not found.local or found.boost_of is not None:
        raise errors.NotFound("There is no such post.")
    page = rendering.show("embed.html", post=found, cards=Cards.of(None, [found]))
    page.headers["Content-Security-Policy"] = protection.content_security(frames=protection.ANYWHERE)
    return page


def seen(handle: str, identifier: int) -> Post:
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
    me, post = session.require(), seen(handle, identifier)
    if request.form.get("on") == "0":
        found = said.find_boost(me, post)
        if found:
            said.unboost(found)
    else:
        said.boost(me, post)
    return _back(post)


@blueprint.post("/utile")
def like(handle: str, identifier: int) -> Response:
    me, post = session.require(), seen(handle, identifier)
    if request.form.get("on") == "0":
        likes.unlike(me, post)
    else:
        likes.like(me, post)
    return _back(post)


@blueprint.post("/epingler")
def pin(handle: str, identifier: int) -> Response:
    me, post = session.require(), seen(handle, identifier)
    try:
        (said.unpin if request.form.get("on") == "0" else said.pin)(me, post)
    except errors.Invalid as problem:
        flask.flash(problems.words_of(problem), "bad")
        return _back(post)
    said_ = _("Ce message n’est plus en tête de votre profil.") if request.form.get("on") == "0" else ""
    flask.flash(said_ or _("Ce message est en tête de votre profil."))
    return _back(post)


@blueprint.post("/voter")
def vote(handle: str, identifier: int) -> Response:
    me, post = session.require(), seen(handle, identifier)
    try:
        polls.vote(me, post, [int(choice) for choice in request.form.getlist("choice") if choice.isdecimal()])
    except errors.Invalid as problem:
        flask.flash(problems.words_of(problem), "bad")
        return _back(post)
    flask.flash(_("Votre réponse est enregistrée."))
    return _back(post)
