"""What is said in public here, for feed readers: profiles and hashtags as RSS 2.0 and Atom (RFC 4287)."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

import flask
import flask_babel
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts.models import Account, Kind
from fediterr.core import errors, site, text
from fediterr.core.paging import Page
from fediterr.social import communities, media, timelines
from fediterr.social.models import Post
from fediterr.territories import authorities, directory
from fediterr.web import natures, session, territories
from fediterr.web.handles import find

blueprint = Blueprint("syndication", __name__)

TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
ENTRIES = 20
FRESH = 300  # seconds
NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # when what was never written to changed last
TITLE = 80  # characters
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Channel:
    """What a feed is about."""

    title: str
    about: str
    page: str  # the address of what it is the feed of
    entries: list[Post]
    since: datetime
    author: Account | None = None

    @property
    def changed_at(self) -> datetime:
        return max((post.edited_at or post.published_at for post in self.entries), default=self.since)


@blueprint.get("/@<handle>.<any(rss, atom):kind>")
def of_account(handle: str, kind: str) -> Response:
    """The public posts of somebody of here, without answers to others and without boosts."""
    session.be_a_visitor()
    account = find(handle)
    if not account.local or account.kind == Kind.APPLICATION:
        raise errors.NotFound("There is no such account.")
    if account.kind == Kind.GROUP:
        if communities.is_private(account):
            raise errors.NotFound("There is no such account.")
        listed = communities.timeline(account, None, Page(limit=ENTRIES))
    else:
        listed = timelines.of_account(account, None, Page(limit=ENTRIES), boosts=False, replies=False, unlisted=False)
    channel = Channel(
        f"{account.shown_name} (@{account.full_handle})", text.excerpt(account.summary, 300),
        account.url or account.uri, listed, account.created_at, account,
    )  # fmt: skip
    answer = _answer(channel, kind)
    if not account.indexable:
        answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@blueprint.get("/tags/<tag>.<any(rss, atom):kind>")
def of_tag(tag: str, kind: str) -> Response:
    """The public posts of here with a hashtag."""
    session.be_a_visitor()
    listed = timelines.tagged(tag, None, Page(limit=ENTRIES), local=True)
    with flask_babel.force_locale(site.settings().language):
        about = _("Messages publics de %(name)s avec ce mot-dièse", name=site.settings().name)
    return _answer(Channel(f"#{tag}", about, site.tag_page(text.fold_tag(tag)), listed, NEVER), kind)


@blueprint.get("/territoires/<code>.<any(rss, atom):kind>")
def of_territory(code: str, kind: str) -> Response:
    """What the accounts that stand here for a territory say in public."""
    session.be_a_visitor()
    territory = directory.get(code)
    listed = territories.posts_of(authorities.of_territory(territory), None, Page(limit=ENTRIES))
    page = site.address(flask.url_for("web.territories.show", code=code))
    return _answer(Channel(territory.name, natures.size_of(territory), page, listed, NEVER), kind)


def title_of(post: Post) -> str:
    """A line that stands for a post: its title, its warning, else its first words."""
    return post.title or post.warning or text.excerpt(post.content, TITLE) or _("Sans texte")


def enclosures(post: Post) -> list[tuple[str, str, int]]:
    """Address, type and size of the files of a post; of one with a warning none: it is opened on its page."""
    if post.warning or post.sensitive:
        return []
    kept = [medium for medium in post.media if medium.path]
    return [(media.address(each), each.media_type or "application/octet-stream", each.size or 0) for each in kept]


def _answer(channel: Channel, kind: str) -> Response:
    """The same for everybody, in the language of the server; not sent again to whoever has it."""
    with flask_babel.force_locale(site.settings().language):
        written = flask.render_template(
            f"syndication/feed.{kind}.xml", channel=channel, me_address=site.address(request.path), title_of=title_of,
            enclosures=enclosures, rfc822=format_datetime,
        )  # fmt: skip
    body = _UNWRITABLE.sub("", written).encode()
    answer = Response(body, content_type=f"{TYPES[kind]}; charset=utf-8")
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    answer.last_modified = channel.changed_at
    answer.headers["Cache-Control"] = f"public, max-age={FRESH}"
    answer.make_conditional(request)
    return answer
