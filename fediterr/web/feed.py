"""What is read: the Fil, this server's public posts, the network's, a hashtag; and where one writes."""

import dataclasses
from datetime import timedelta

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import resolver
from fediterr.core import clock, db, errors, site, text
from fediterr.core.paging import Page
from fediterr.social import follows, posts, timelines, visibility
from fediterr.social.drafts import Draft, PollDraft
from fediterr.social.models import Post, Visibility
from fediterr.web import forms, rendering, session
from fediterr.web.cards import Cards

blueprint = Blueprint("feed", __name__)

POLL_DAYS = (1, 3, 7, 14)
POLL_FIELDS = 4
LOOKED_UP = 10  # unknown handles of one post that are asked for


@blueprint.get("/")
def home() -> Response:
    """The Fil; for visitors, what this server is and what it says in public."""
    me = session.viewer()
    if me is None:
        listed = timelines.public(None, rendering.page(), local=True)
        waiting = not accounts.has_administrator()
        return rendering.show("welcome.html", listed=listed, cards=Cards.of(None, listed), waiting=waiting)
    listed = timelines.home(me, rendering.page())
    return rendering.show(
        "feed.html", view="home", title=_("Fil"), listed=listed, cards=Cards.of(me, listed),
        form=forms.Form({}), asking=len(follows.requests(me, Page(limit=100))),
    )  # fmt: skip


@blueprint.get("/public")
def public() -> Response:
    """Public posts of this server."""
    me = session.viewer()
    listed = timelines.public(me, rendering.page(), local=True)
    return rendering.show("feed.html", view="public", title=_("Ce serveur"), listed=listed, cards=Cards.of(me, listed))


@blueprint.get("/public/reseau")
def network() -> Response:
    """Public posts of all servers that this one knows."""
    me = session.require()
    listed = timelines.public(me, rendering.page())
    return rendering.show("feed.html", view="network", title=_("Le réseau"), listed=listed, cards=Cards.of(me, listed))


@blueprint.get("/tags/<tag>")
def tagged(tag: str) -> Response:
    me = session.viewer()
    listed = timelines.tagged(tag, me, rendering.page())
    return rendering.show("feed.html", view="tag", title=f"#{tag}", listed=listed, cards=Cards.of(me, listed))


# --- writing -------------------------------------------------------------------------------------------------------


@blueprint.get("/publier")
def write() -> Response:
    """A page of its own to write on, for an answer too."""
    me = session.require()
    parent = _answered(me, request.args.get("reponse"))
    return show_composer(forms.Form(answer_to(me, parent) if parent else {}), parent)


def show_composer(form: forms.Form, parent: Post | None, status: int = 200) -> Response:
    shown = [parent] if parent else []
    return rendering.show(
        "compose.html", status=status, form=form, parent=parent, cards=Cards.of(session.viewer(), shown)
    )


def answer_to(me: Account, post: Post) -> dict[str, str]:
    """How an answer begins: with whom it addresses, as openly as what it answers."""
    named = [post.author, *(mention.account for mention in post.mentions if not mention.silent)]
    handles = dict.fromkeys(f"@{account.handle}" for account in named if account.id != me.id)
    start = {"words": "".join(f"{handle} " for handle in handles), "visibility": post.visibility}
    return start | {"in_reply_to": str(post.id), "warning": post.warning}


@blueprint.post("/publier")
def publish() -> Response:
    form, me = forms.sent(), session.require()
    _look_up(form.value("words"))
    parent = _answered(me, form.value("in_reply_to"))
    try:
        draft = dataclasses.replace(_draft(form), in_reply_to=parent)
        post = posts.publish(me, posts.compose(me, form.value("words"), draft))
    except errors.Invalid as problem:
        db.end()
        return show_composer(form.refuse(problem), _answered(session.require(), form.value("in_reply_to")), 400)
    flask.flash(_("Votre message est publié."))
    address = rendering.address_of(post)
    return rendering.lead(address if parent else session.local_path(form.value("next"), address))


def _answered(me: Account, identifier: str | None) -> Post | None:
    """The post that is answered, with all that shows it."""
    if not identifier:
        return None
    post = visibility.seen(me, int(identifier)) if identifier.isdecimal() else None
    found = timelines.whole([post.boost_of_id or post.id], me) if post else []
    if not found:
        raise errors.NotFound("There is no such post to answer.")
    return found[0]


def _draft(form: forms.Form) -> Draft:
    chosen = form.value("visibility") or Visibility.PUBLIC
    if chosen not in set(Visibility):
        raise errors.Invalid("Choose who may read this.")
    return Draft(
        visibility=chosen,
        warning=form.value("warning").strip()[:500],
        language=text.language_tag(form.value("language")),
        poll=_poll(form),
    )


def _poll(form: forms.Form) -> PollDraft | None:
    options = [form.value(f"option-{number}").strip()[:200] for number in range(1, POLL_FIELDS + 1)]
    written = tuple(option for option in options if option)
    if not written:
        return None
    days = form.value("poll-days")
    length = timedelta(days=int(days)) if days.isdecimal() and int(days) in POLL_DAYS else timedelta(days=3)
    return PollDraft(options=written, multiple=form.is_on("poll-multiple"), ends_at=clock.now() + length)


def _look_up(words: str) -> None:
    """Get to know who is mentioned and not known yet; outside of the unit of work, since their servers may be slow."""
    handles = [handle for handle in text.find_mentions(words) if "@" in handle]
    unknown = [handle for handle in handles if accounts.by_handle(handle) is None][:LOOKED_UP]
    if unknown:
        db.end()
        with resolver.budget(site.settings().limits_fetches_per_activity):
            for handle in unknown:
                resolver.look_up(handle)
        db.begin_writing()
