"""What is asked before any activity: WebFinger (RFC 7033) and NodeInfo."""

from dataclasses import dataclass
from typing import Any, Final

from fediterr.activitypub.vocabulary import shapes, words
from fediterr.activitypub.vocabulary.shapes import LIMITS, Document, Limits
from fediterr.core import errors

_PROFILE_PAGE: Final = "http://webfinger.net/rel/profile-page"
_SUBSCRIBE: Final = "http://ostatus.org/schema/1.0/subscribe"
_NODEINFO: Final = "http://nodeinfo.diaspora.software/ns/schema/"
_MAX_LINKS: Final = 64


@dataclass(frozen=True, slots=True)
class WebFinger:
    """What a server says of a handle. `subject` is as given (`acct:alice@brest.test`); `self_link` the actor's id;
    `subscribe_template` has `{uri}` where the account to follow goes."""

    subject: str | None
    aliases: tuple[str, ...]
    self_link: str | None
    profile_page: str | None
    subscribe_template: str | None

    @property
    def handle(self) -> str | None:
        """`alice@brest.test`, the host in lower case; None when the subject is no account."""
        name, _, host = (self.subject or "").removeprefix("acct:").removeprefix("@").partition("@")
        return f"{name}@{host.lower()}" if name and host and "@" not in host and "/" not in name + host else None


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """What a server says of itself; `software_name` is in lower case."""

    software_name: str | None
    version: str | None
    protocols: tuple[str, ...]
    open_registrations: bool | None
    users: int | None
    local_posts: int | None
    metadata: dict[str, Any]


def read_webfinger(document: object, limits: Limits = LIMITS) -> WebFinger:
    """The answer to a WebFinger request (JRD); Invalid when it is not a JSON object."""
    read = _object(document)
    links = [link for link in shapes.many(read.get("links"))[:_MAX_LINKS] if isinstance(link, dict)]
    return WebFinger(
        subject=shapes.line(read.get("subject"), limits.name),
        aliases=shapes.ids(read.get("aliases"), limits.aliases),
        self_link=_self_link(links),
        profile_page=next((href for link in links if link.get("rel") == _PROFILE_PAGE and (href := _href(link))), None),
        subscribe_template=next((found for link in links if (found := _template(link))), None),
    )


def _self_link(links: list[Document]) -> str | None:
    """The first ActivityPub one: some give several types, Lemmy several actors of one name."""
    found = [(str(link.get("type", "")), href) for link in links if link.get("rel") == "self" and (href := _href(link))]
    for wanted in (words.CONTENT_TYPE, "application/ld+json"):
        for media, href in found:
            if media.startswith(wanted):
                return href
    return None


def _href(link: Document) -> str | None:
    return shapes.web_url(link.get("href"))


def _template(link: Document) -> str | None:
    template = link.get("template")
    if link.get("rel") != _SUBSCRIBE or not isinstance(template, str) or "{uri}" not in template:
        return None
    return template if shapes.web_url(template) else None


def read_nodeinfo_links(document: object) -> str | None:
    """Where the newest NodeInfo is, from /.well-known/nodeinfo; Invalid when that is not a JSON object."""
    found = []
    for link in shapes.many(_object(document).get("links"))[:_MAX_LINKS]:
        if isinstance(link, dict) and (href := _href(link)):
            rel = link.get("rel")
            if isinstance(rel, str) and rel.startswith(_NODEINFO):
                found.append((rel.removeprefix(_NODEINFO)[:8], href))
    return max(found, default=(None, None))[1]


def read_nodeinfo(document: object) -> NodeInfo:
    """A server's NodeInfo, 1.0 to 2.1; Invalid when it is not a JSON object."""
    read = _object(document)
    software, usage, metadata = (_fields(read.get(name)) for name in ("software", "usage", "metadata"))
    name = shapes.line(software.get("name"), 64)
    protocols = read.get("protocols")
    if isinstance(protocols, dict):  # 1.0 told inbound from outbound
        protocols = shapes.many(protocols.get("inbound"))
    return NodeInfo(
        software_name=name.lower() if name else None,
        version=shapes.line(software.get("version"), 128),
        protocols=tuple(word for word in shapes.many(protocols)[:32] if isinstance(word, str) and len(word) <= 64),
        open_registrations=shapes.flag(read.get("openRegistrations")),
        users=shapes.count(_fields(usage.get("users")).get("total")),
        local_posts=shapes.count(usage.get("localPosts")),
        metadata=metadata,
    )


def _object(document: object) -> Document:
    if not isinstance(document, dict):
        raise errors.Invalid("this is not a JSON object")
    return document


def _fields(value: object) -> Document:
    return value if isinstance(value, dict) else {}
