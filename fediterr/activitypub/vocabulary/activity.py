"""An activity: who did what to what, for whom."""

from dataclasses import dataclass
from datetime import datetime

from fediterr.activitypub.vocabulary import shapes, tags, words
from fediterr.activitypub.vocabulary.shapes import LIMITS, Document, Limits, Ref
from fediterr.activitypub.vocabulary.tags import Emoji
from fediterr.core import errors


@dataclass(frozen=True, slots=True)
class Activity:
    """What an actor did. `content` is the reaction of an EmojiReact or Like, the text of a Flag, the reason given for
    a Block, Delete or Remove; `emoji` is the reaction's picture when it is a custom one."""

    id: str
    type: str
    actor: str
    object: Ref | None
    objects: tuple[Ref, ...]
    target: Ref | None
    origin: Ref | None
    result: Ref | None
    instrument: Ref | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    audience: tuple[str, ...]
    published: datetime | None
    content: str | None
    emoji: Emoji | None
    document: Document


def read_activity(document: object, limits: Limits = LIMITS) -> Activity:
    """The activity in a JSON document.

    Raises Invalid when it has no usable type, no actor, or no http(s) id: all the software we know gives one, and
    without it the same activity could not be told from another.
    """
    read = shapes.require(document)
    get = read.get
    kind = shapes.type_of(get("type"), words.ACTIVITY_TYPES)
    uri, actor = get("id"), shapes.one_id(get("actor"))
    if kind is None or actor is None:
        raise errors.Invalid("this activity has no type or no actor")
    if not isinstance(uri, str) or shapes.one_id(uri) is None:
        raise errors.Invalid("this activity has no usable id")
    objects = shapes.refs(get("object"), limits.items)
    content = _said(read, limits)
    return Activity(
        id=uri,
        type=kind,
        actor=actor,
        object=objects[0] if objects else None,
        objects=objects,
        target=shapes.ref(shapes.first(get("target"))),
        origin=shapes.ref(shapes.first(get("origin"))),
        result=shapes.ref(shapes.first(get("result"))),
        instrument=shapes.ref(shapes.first(get("instrument"))),
        to=shapes.recipients(get("to"), limits.recipients),
        cc=shapes.recipients(get("cc"), limits.recipients),
        audience=shapes.ids(get("audience"), limits.recipients),
        published=shapes.moment(get("published")),
        content=content,
        emoji=_reaction_emoji(read, content, limits),
        document=read,
    )


def _said(document: Document, limits: Limits) -> str | None:
    for name in ("content", "_misskey_reaction", "summary"):  # Misskey reacts with a Like, Lemmy explains in `summary`.
        if said := shapes.line(document.get(name), limits.description):
            return said
    return None


def _reaction_emoji(document: Document, content: str | None, limits: Limits) -> Emoji | None:
    if content is None or not content.startswith(":") or "tag" not in document:
        return None
    emojis = tags.read(document["tag"], limits).emojis
    shortcode = content.strip(":").partition("@")[0]
    return next((emoji for emoji in emojis if emoji.shortcode == shortcode), emojis[0] if emojis else None)
