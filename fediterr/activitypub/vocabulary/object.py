"""An object: a note, an article, an event, a video… whatever somebody publishes, read into one form."""

import itertools
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fediterr.activitypub.vocabulary import files, origins, parts, shapes, tags, words
from fediterr.activitypub.vocabulary.activity import Activity
from fediterr.activitypub.vocabulary.files import Attachment
from fediterr.activitypub.vocabulary.parts import EventDetails, Place, Poll, QuotePolicy
from fediterr.activitypub.vocabulary.shapes import LIMITS, Document, Limits, Ref
from fediterr.activitypub.vocabulary.tags import Emoji, Mention, TagLink
from fediterr.core import errors

# In the order of trust: the standard to be (FEP-044f), Pleroma and Misskey, Fedibird, Misskey's own.
_QUOTES: Final = ("quote", "quoteUrl", "quoteUri", "_misskey_quote")
# What Mobilizon's groups publish through their members.
_ORGANIZED: Final = frozenset({"Event", "Article"})
_QUOTE_RELS: Final = frozenset(
    {
        "https://w3id.org/fep/044f#quote",
        "https://misskey-hub.net/ns#_misskey_quote",
        "http://fedibird.com/ns#quoteUri",
        "https://www.w3.org/ns/activitystreams#quoteUrl",
    }
)


@dataclass(frozen=True, slots=True)
class Source:
    """The text as it was typed."""

    content: str
    media_type: str | None


@dataclass(frozen=True, slots=True)
class Object:
    """Something published elsewhere. `content`, `summary` and `preview` are HTML not yet sanitised; `warning` is plain
    text, the abstract in `summary` is no warning; `url` is a page of the id's own host, `link` a page elsewhere;
    `hashtags` have no #; `duration` is in seconds. A Tombstone is an Object of that type."""

    id: str
    type: str
    attributed_to: str | None
    attributed_group: str | None
    name: str | None
    content: str | None
    source: Source | None
    summary: str | None
    warning: str | None
    preview: str | None
    language: str | None
    url: str
    link: str | None
    image: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    audience: tuple[str, ...]
    in_reply_to: str | None
    published: datetime | None
    updated: datetime | None
    deleted: datetime | None
    sensitive: bool
    attachments: tuple[Attachment, ...]
    mentions: tuple[Mention, ...]
    hashtags: tuple[str, ...]
    emojis: tuple[Emoji, ...]
    links: tuple[TagLink, ...]
    poll: Poll | None
    quote: str | None
    quote_authorization: str | None
    quote_policy: QuotePolicy | None
    context: str | None
    replies: Ref | None
    likes_count: int | None
    shares_count: int | None
    duration: int | None
    start: datetime | None
    end: datetime | None
    location: Place | None
    event: EventDetails | None
    document: Document

    @property
    def is_vote(self) -> bool:
        """A poll is answered by a Note that has a name, the option chosen, and no text (Mastodon, FEP-9967)."""
        named = self.type == "Note" and bool(self.name and self.in_reply_to)
        return named and not self.content and not self.attachments


def read_object(document: object, activity: Activity | None = None, limits: Limits = LIMITS) -> Object:
    """The object in a JSON document; what it does not say itself (recipients, tags) is as in the `activity` around it.

    Any type is read, so that what is unknown can still be shown as a link.
    Raises Invalid when it has no type or no http(s) id.
    """
    read = shapes.require(document)
    get = read.get
    kind, uri = shapes.type_of(get("type"), words.OBJECT_TYPES), get("id")
    if kind is None or not isinstance(uri, str) or not origins.is_url(uri):
        raise errors.Invalid("this object has no type or no usable id")
    to, cc, audience = _addressed(read, activity, limits)
    author, group = _authors(read, uri, kind)
    around = activity.document if activity else {}
    named = tags.read(get("tag", around.get("tag")), limits)  # Lemmy tags the activity
    source = _source(get("source"), limits)
    content, source = _content(read, source, limits)
    name = shapes.line(get("name") or _mapped(get("nameMap")) or get("title"), limits.name)
    summary = shapes.text(get("summary") or _mapped(get("summaryMap")), limits.html)
    attached = files.attachments(read, kind, limits) if get("attachment") or kind in words.FILE_TYPES else ()
    url, link = files.page_and_link(get("url"), uri, limits)
    is_event = kind == "Event"
    return Object(
        id=uri,
        type=kind,
        attributed_to=author,
        attributed_group=group,
        name=name,
        content=content,
        source=source,
        summary=summary,
        warning=_warning(kind, name, summary, limits),
        preview=_preview(get("preview"), limits),
        language=_language(read, content, around),
        url=url,
        link=link or next((file.url for file in attached if file.kind == "link"), None),
        image=files.picture(get("image") or get("icon"), limits),
        to=to,
        cc=cc,
        audience=audience,
        in_reply_to=shapes.one_id(get("inReplyTo")),
        published=shapes.moment(get("published")),
        updated=shapes.moment(get("updated")),
        deleted=shapes.moment(get("deleted")),
        sensitive=get("sensitive") is True,
        attachments=attached,
        mentions=named.mentions,
        hashtags=named.hashtags,
        emojis=named.emojis,
        links=named.links,
        poll=parts.poll(read, limits) if kind == "Question" else None,
        quote=_quote(read, named.links),
        quote_authorization=shapes.one_id(get("quoteAuthorization")),
        quote_policy=parts.quote_policy(get("interactionPolicy"), limits),
        context=_context(read),
        replies=shapes.ref(get("replies")),
        likes_count=shapes.total(get("likes")),
        shares_count=shapes.total(get("shares")),
        duration=parts.duration(get("duration")),
        start=shapes.moment(get("startTime")),
        end=shapes.moment(get("endTime")) if is_event else None,
        location=parts.place(get("location"), limits) if get("location") else None,
        event=parts.event(read) if is_event else None,
        document=read,
    )


Addresses = tuple[str, ...]


def _addressed(document: Document, activity: Activity | None, limits: Limits) -> tuple[Addresses, Addresses, Addresses]:
    to = shapes.recipients(document.get("to"), limits.recipients)
    cc = shapes.recipients(document.get("cc"), limits.recipients)
    audience = shapes.ids(document.get("audience"), limits.recipients)
    if activity is not None and not to and not cc:  # Discourse only addresses the activity.
        to, cc, audience = activity.to, activity.cc, audience or activity.audience
    return to, cc, audience


def _authors(document: Document, uri: str, kind: str) -> tuple[str | None, str | None]:
    """Who wrote it, and the group they wrote it for.

    Of several, the first person who lives on the id's own host. That they are who sent it, and that the group is one
    and theirs, is for the reader to check.
    """
    given = document.get("attributedTo")
    people: list[str] = []
    groups: list[str] = []
    for entry in shapes.many(given)[:16]:
        if found := shapes.one_id(entry):
            is_group = isinstance(entry, dict) and shapes.type_of(entry.get("type")) == "Group"
            (groups if is_group else people).append(found)
    if kind in _ORGANIZED or not (people or groups):
        actor = shapes.one_id(document.get("actor"))
        if actor and people and actor != people[0] and origins.same_origin(actor, uri):
            return actor, people[0]  # the actor writes, the group it is attributed to publishes
        people = people or ([actor] if actor and not groups else [])
    candidates = people or groups
    author = next((one for one in candidates if origins.same_origin(one, uri)), candidates[0] if candidates else None)
    return author, next((group for group in groups if group != author), None)


def _content(document: Document, source: Source | None, limits: Limits) -> tuple[str | None, Source | None]:
    """The text as HTML, and its source: PeerTube gives Markdown as content, which is shown as it was typed."""
    content = shapes.text(document.get("content"), limits.html) or shapes.text(
        _mapped(document.get("contentMap")), limits.html
    )
    media = document.get("mediaType")
    if content is not None and isinstance(media, str) and media.startswith(("text/markdown", "text/plain")):
        return shapes.paragraphs(content)[: limits.html], source or Source(content, files.media_type(media))
    if content is None and source is not None:
        content = shapes.paragraphs(source.content)[: limits.html]
    return content, source


def _source(value: object, limits: Limits) -> Source | None:
    """The typed text; Pleroma used to send it as a bare string."""
    fields: Document = value if isinstance(value, dict) else {"content": value}
    content = shapes.text(fields.get("content"), limits.html)
    return Source(content, files.media_type(fields.get("mediaType"))) if content else None


def _mapped(value: object) -> Any:
    """The first text of a language map."""
    return next(iter(value.values()), None) if isinstance(value, dict) else None


def _warning(kind: str, name: str | None, summary: str | None, limits: Limits) -> str | None:
    warning = summary.strip()[: limits.name] if summary and kind in words.WARNED_TYPES else None
    return warning if warning and warning != name else None  # lotide repeats the title


def _preview(value: object, limits: Limits) -> str | None:
    """The text of the Note that stands for a long Article (FEP-b2b8)."""
    for entry in shapes.many(value)[:4]:
        if isinstance(entry, dict) and (text := shapes.text(entry.get("content"), limits.description)):
            return text
    return None


def _language(document: Document, content: str | None, around: Document) -> str | None:
    """The language of the text: the key of the map that holds it, or as declared."""
    mapped = document.get("contentMap")
    if isinstance(mapped, dict) and mapped:
        shown = (key for key, text in itertools.islice(mapped.items(), 32) if len(mapped) == 1 or text == content)
        if found := shapes.language(next(shown, None)):
            return found
    if found := shapes.language(document.get("language")) or shapes.language(document.get("inLanguage")):
        return found
    contexts = shapes.many(document.get("@context", around.get("@context")))[:16]
    declared = (context.get("@language") for context in contexts if isinstance(context, dict))
    return next((found for found in map(shapes.language, declared) if found), None)


def _quote(document: Document, tag_links: tuple[TagLink, ...]) -> str | None:
    for name in _QUOTES:
        if name in document and (found := shapes.one_id(document[name])):
            return found
    return next((link.href for link in tag_links if not _QUOTE_RELS.isdisjoint(link.rel)), None)


def _context(document: Document) -> str | None:
    """What names the conversation: an address, or Mastodon's `tag:`."""
    for name in ("context", "conversation", "inConversation"):
        value = document.get(name)
        value = value.get("id") if isinstance(value, dict) else value
        if isinstance(value, str) and (found := shapes.line(value, origins.MAX_LENGTH)):
            return found
    return None
