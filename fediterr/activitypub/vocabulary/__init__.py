"""The words of ActivityStreams: forgiving in, strict out. Reads every shape once, so that nobody else has to.

    vocabulary.parse(body)              bytes to a JSON object, bounded
    vocabulary.kind(document)           what it is, to know which of these to call:
    vocabulary.read_activity(document)  read_actor, read_object, read_collection
    vocabulary.read_webfinger(document) read_nodeinfo

No database, no network: remote contexts are never fetched, and no context redefines a word.
"""

from typing import Literal

from fediterr.activitypub.vocabulary import shapes, words
from fediterr.activitypub.vocabulary.activity import Activity, read_activity
from fediterr.activitypub.vocabulary.actor import Actor, Field, Key, Multikey, read_actor
from fediterr.activitypub.vocabulary.claims import Claim, fold_line
from fediterr.activitypub.vocabulary.collection import Collection, read_collection
from fediterr.activitypub.vocabulary.context import context
from fediterr.activitypub.vocabulary.discovery import (
    NodeInfo,
    WebFinger,
    read_nodeinfo,
    read_nodeinfo_links,
    read_webfinger,
)
from fediterr.activitypub.vocabulary.files import Attachment
from fediterr.activitypub.vocabulary.object import Object, Source, read_object
from fediterr.activitypub.vocabulary.origins import is_url, origin, same_origin
from fediterr.activitypub.vocabulary.parts import EventDetails, Place, Poll, PollOption, QuotePolicy
from fediterr.activitypub.vocabulary.shapes import (
    LIMITS,
    Document,
    Limits,
    Ref,
    Visibility,
    datetime_out,
    ids,
    many,
    moment,
    one_id,
    parse,
    recipients,
    visibility,
)
from fediterr.activitypub.vocabulary.tags import Emoji, Mention, TagLink
from fediterr.activitypub.vocabulary.words import (
    ACTIVITY_TYPES,
    ACTOR_TYPES,
    COLLECTION_TYPES,
    CONTENT_TYPE,
    CONTEXT,
    LD_CONTENT_TYPE,
    OBJECT_TYPES,
    PUBLIC,
    is_public,
)

__all__ = [
    "ACTIVITY_TYPES",
    "ACTOR_TYPES",
    "COLLECTION_TYPES",
    "CONTENT_TYPE",
    "CONTEXT",
    "LD_CONTENT_TYPE",
    "LIMITS",
    "OBJECT_TYPES",
    "PUBLIC",
    "Activity",
    "Actor",
    "Attachment",
    "Claim",
    "Collection",
    "Document",
    "Emoji",
    "EventDetails",
    "Field",
    "Key",
    "Limits",
    "Mention",
    "Multikey",
    "NodeInfo",
    "Object",
    "Place",
    "Poll",
    "PollOption",
    "QuotePolicy",
    "Ref",
    "Source",
    "TagLink",
    "Visibility",
    "WebFinger",
    "context",
    "datetime_out",
    "fold_line",
    "ids",
    "is_public",
    "is_url",
    "kind",
    "many",
    "moment",
    "one_id",
    "origin",
    "parse",
    "read_activity",
    "read_actor",
    "read_collection",
    "read_nodeinfo",
    "read_nodeinfo_links",
    "read_object",
    "read_webfinger",
    "recipients",
    "same_origin",
    "visibility",
]

Kind = Literal["activity", "actor", "collection", "object"]


def kind(document: object) -> Kind:
    """What a JSON document is, by its type; what is unknown is an object, or an activity if it says who acted."""
    fields = document if isinstance(document, dict) else {}
    known = ACTIVITY_TYPES | ACTOR_TYPES | COLLECTION_TYPES | OBJECT_TYPES
    named = shapes.type_of(fields.get("type"), known)
    if named in words.ACTOR_TYPES:
        return "actor"
    if named in words.COLLECTION_TYPES:
        return "collection"
    return "activity" if named in words.ACTIVITY_TYPES or (named not in known and "actor" in fields) else "object"
