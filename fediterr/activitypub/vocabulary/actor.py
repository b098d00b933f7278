"""An actor: a person, a group, an organization, a service or an application, with their keys."""

from dataclasses import dataclass
from datetime import datetime

from fediterr.activitypub.vocabulary import claims, files, origins, shapes, tags, words
from fediterr.activitypub.vocabulary.claims import Claim
from fediterr.activitypub.vocabulary.shapes import LIMITS, Document, Limits
from fediterr.activitypub.vocabulary.tags import Emoji
from fediterr.core import errors


@dataclass(frozen=True, slots=True)
class Field:
    """A line of a profile; `value` is HTML."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Key:
    """A public key as PEM. That `owner` is the actor, and lives on the key's host, is for the reader to check."""

    id: str
    owner: str | None
    pem: str


@dataclass(frozen=True, slots=True)
class Multikey:
    """A public key as multibase (FEP-521a)."""

    id: str
    controller: str | None
    multibase: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone on another server. `summary` is HTML; `discoverable` and `indexable` are None when nothing is said;
    `moderators` is a collection (Lemmy); `language` is None when they have several. Of peers: `claim` is what an
    organization says of the public body that it is, `agents` the collection of those whom it has among its own,
    `works_for` the actor for whom somebody works, `authorities` the collection of those who live on a server."""

    id: str
    type: str
    username: str
    name: str | None
    summary: str | None
    url: str
    inbox: str
    shared_inbox: str | None
    outbox: str | None
    followers: str | None
    following: str | None
    featured: str | None
    featured_tags: str | None
    moderators: str | None
    icon: str | None
    image: str | None
    fields: tuple[Field, ...]
    keys: tuple[Key, ...]
    assertion_methods: tuple[Multikey, ...]
    also_known_as: tuple[str, ...]
    moved_to: str | None
    discoverable: bool | None
    indexable: bool | None
    locked: bool
    memorial: bool
    suspended: bool
    published: datetime | None
    updated: datetime | None
    emojis: tuple[Emoji, ...]
    hashtags: tuple[str, ...]
    webfinger: str | None
    language: str | None
    claim: Claim | None
    agents: str | None
    works_for: str | None
    authorities: str | None
    document: Document


def read_actor(document: object, limits: Limits = LIMITS) -> Actor:
    """The actor in a JSON document; Invalid when it is none, or lacks an id, an inbox or a name."""
    read = shapes.require(document)
    get = read.get
    kind = shapes.type_of(get("type"), words.ACTOR_TYPES)
    uri, inbox = shapes.one_id(get("id")), shapes.one_id(get("inbox"))
    if kind not in words.ACTOR_TYPES or uri is None:
        raise errors.Invalid("this is not an actor")
    if inbox is None:
        raise errors.Invalid("this actor has no inbox")
    webfinger = _webfinger(get("webfinger"))
    endpoints = get("endpoints")
    shared = endpoints.get("sharedInbox") if isinstance(endpoints, dict) else None
    named = tags.read(get("tag"), limits)
    fields = _fields(get("attachment"), limits)
    return Actor(
        id=uri,
        type=kind,
        username=_username(read, uri, webfinger),
        name=shapes.line(get("name") or _mapped(get("nameMap")), limits.name),
        summary=shapes.text(get("summary") or _mapped(get("summaryMap")) or get("content"), limits.bio),
        url=files.page_and_link(get("url"), uri, limits)[0],
        inbox=inbox,
        # Discourse puts it beside, not inside, `endpoints`.
        shared_inbox=_own(shared, uri) or _own(get("sharedInbox"), uri),
        outbox=_own(get("outbox"), uri),
        followers=_own(get("followers"), uri),
        following=_own(get("following"), uri),
        featured=_own(get("featured"), uri),
        featured_tags=_own(get("featuredTags"), uri),
        moderators=_own(get("moderators"), uri) or (_own(get("attributedTo"), uri) if kind == "Group" else None),
        icon=files.picture(get("icon"), limits),
        image=files.picture(get("image"), limits),
        fields=fields,
        keys=_keys(get("publicKey"), limits),
        assertion_methods=_multikeys(get("assertionMethod"), limits),
        also_known_as=shapes.ids(get("alsoKnownAs"), limits.aliases),
        moved_to=shapes.one_id(get("movedTo")),
        discoverable=shapes.flag(get("discoverable")),
        indexable=shapes.flag(get("indexable")),
        locked=get("manuallyApprovesFollowers") is True,
        memorial=get("memorial") is True,
        suspended=get("suspended") is True,
        published=shapes.moment(get("published")),
        updated=shapes.moment(get("updated")),
        emojis=named.emojis,
        hashtags=named.hashtags,
        webfinger=webfinger,
        language=shapes.language(get("language")),
        claim=claims.read(read, fields, limits) if kind == "Organization" else None,
        agents=_own(get("agents"), uri),
        works_for=shapes.one_id(get("worksFor")) if kind == "Person" else None,
        authorities=_own(get("authorities"), uri),
        document=read,
    )


def _own(value: object, actor: str) -> str | None:
    """An address believed only on the actor's own server: nobody's `featured` or `followers` may be another's."""
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) and origins.same_origin(found, actor) else None


def _mapped(value: object) -> object:
    return next(iter(value.values()), None) if isinstance(value, dict) else None


def _webfinger(value: object) -> str | None:
    """`name@host` without acct: or leading @ (FEP-2c59)."""
    handle = (shapes.line(value, 512) or "").removeprefix("acct:").removeprefix("@")
    name, _, host = handle.partition("@")
    return handle if _is_username(name) and origins.is_url(f"https://{host}") else None


def _username(document: Document, uri: str, webfinger: str | None) -> str:
    """What comes before the @: as said, or as the handle or the id have it."""
    path = uri.partition("://")[2].partition("?")[0].partition("#")[0].rstrip("/")
    last = path.rpartition("/")[2] if "/" in path else ""
    for name in (document.get("preferredUsername"), (webfinger or "").partition("@")[0], last):
        if isinstance(name, str) and _is_username(name := name.removeprefix("@")):
            return name
    raise errors.Invalid("this actor has no usable name")


def _is_username(name: str) -> bool:
    return 0 < len(name) <= 255 and name.isprintable() and not any(mark in name for mark in " @/\\:<>\"'&?#%")


def _fields(value: object, limits: Limits) -> tuple[Field, ...]:
    """Profile lines: as PropertyValue (Mastodon), or as Note (FEP-fb2a) when there are only those."""
    properties, notes = [], []
    for entry in shapes.many(value)[: 2 * limits.fields]:
        if not isinstance(entry, dict):
            continue
        get = shapes.require(entry).get
        kind, name = shapes.type_of(get("type")), shapes.line(get("name"), limits.name)
        if kind == "PropertyValue" and name:
            properties.append(Field(name, shapes.line(get("value"), limits.name) or ""))
        elif kind == "Note" and name:
            notes.append(Field(name, shapes.line(get("content"), limits.name) or ""))
    return tuple((properties or notes)[: limits.fields])


def _keys(value: object, limits: Limits) -> tuple[Key, ...]:
    found = []
    for entry in shapes.many(value)[: limits.keys]:
        if not isinstance(entry, dict):
            continue
        uri, pem = shapes.one_id(entry.get("id")), shapes.line(entry.get("publicKeyPem"), 8192)
        if uri and pem and "-----BEGIN" in pem:
            found.append(Key(uri, shapes.one_id(entry.get("owner") or entry.get("controller")), pem))
    return tuple(found)


def _multikeys(value: object, limits: Limits) -> tuple[Multikey, ...]:
    found = []
    for entry in shapes.many(value)[: limits.keys]:
        if not isinstance(entry, dict) or shapes.type_of(entry.get("type")) != "Multikey":
            continue
        uri, multibase = shapes.one_id(entry.get("id")), shapes.line(entry.get("publicKeyMultibase"), 4096)
        if uri and multibase and multibase[0] in "zu":
            found.append(Multikey(uri, shapes.one_id(entry.get("controller")), multibase))
    return tuple(found)
