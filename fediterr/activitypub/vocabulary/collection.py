"""A collection, or a page of one: followers, outbox, replies, pinned posts."""

from dataclasses import dataclass

from fediterr.activitypub.vocabulary import shapes, words
from fediterr.activitypub.vocabulary.shapes import LIMITS, Document, Limits, Ref
from fediterr.core import errors


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection or page: its items here, where the first and the next page are; `id` is None for embedded pages."""

    id: str | None
    type: str
    total: int | None
    items: tuple[Ref, ...]
    first: Ref | None
    next: str | None
    part_of: str | None
    document: Document


def read_collection(document: object, limits: Limits = LIMITS) -> Collection:
    """The collection in a JSON document; Invalid when it is none. Of its items, the first 1,000 are read."""
    read = shapes.require(document)
    kind = shapes.type_of(read.get("type"), words.COLLECTION_TYPES)
    if kind not in words.COLLECTION_TYPES:
        raise errors.Invalid("this is not a collection")
    listed = read.get("orderedItems")
    return Collection(
        id=shapes.one_id(read.get("id")),
        type=kind,
        total=shapes.count(read.get("totalItems")),
        items=shapes.refs(read.get("items") if listed is None else listed, limits.items),
        first=shapes.ref(read.get("first")),
        next=shapes.one_id(read.get("next")),
        part_of=shapes.one_id(read.get("partOf")),
        document=read,
    )
