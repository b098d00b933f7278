"""What is about to be published, whether it was typed here or received; plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fediterr.accounts.models import Account
from fediterr.social.models import Medium, Post, Visibility


@dataclass(frozen=True, slots=True)
class MediumDraft:
    """An attachment of elsewhere."""

    url: str
    kind: str = "document"
    media_type: str | None = None
    description: str = ""
    blurhash: str | None = None
    width: int | None = None
    height: int | None = None
    focus: tuple[float, float] | None = None
    size: int | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Caption:
    """What is to be seen on a file of here, and where to look first; None leaves it as it is."""

    description: str | None = None
    focus: tuple[float, float] | None = None

    def changes(self, medium: Medium) -> bool:
        new_words = self.description is not None and self.description.strip() != medium.description
        return new_words or (self.focus is not None and list(self.focus) != medium.focus)


@dataclass(frozen=True, slots=True)
class PollDraft:
    options: tuple[str, ...]
    multiple: bool = False
    hide_totals: bool = False
    ends_at: datetime | None = None
    closed_at: datetime | None = None
    counts: tuple[int, ...] | None = None
    voters_count: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A post before it exists. `content` is clean HTML; `uri` is given by the other server, or made here."""

    content: str = ""
    source: str | None = None
    kind: str = "Note"
    title: str | None = None
    summary: str | None = None
    warning: str = ""
    sensitive: bool = False
    language: str | None = None
    visibility: str = Visibility.PUBLIC
    in_reply_to: Post | None = None
    in_reply_to_uri: str | None = None
    mentions: tuple[Account, ...] = ()
    silent_mentions: tuple[Account, ...] = ()
    tags: tuple[str, ...] = ()
    emojis: tuple[dict[str, str], ...] = ()
    media: tuple[MediumDraft, ...] = ()
    uploads: tuple[Medium, ...] = ()
    captions: dict[int, Caption] = field(default_factory=dict)  # said anew of an upload, by its id
    poll: PollDraft | None = None
    link: str | None = None
    quoted: Post | None = None  # by a post of here
    quote_uri: str | None = None  # by a post of elsewhere
    quote_authorization: str | None = None  # what says that its author agrees
    quote_policy: Mapping[str, list[str]] | None = None  # who may quote this; None: as usual, or as before
    context_uri: str | None = None
    community: Account | None = None  # that it is written for
    details: dict[str, Any] = field(default_factory=dict)
    uri: str | None = None
    url: str | None = None
    application_id: int | None = None  # with which it was written
    published_at: datetime | None = None
    edited_at: datetime | None = None
    restored: bool = False  # it was published before, elsewhere: nobody hears of it now
    fresh: bool = True  # False: found later, while filling in a thread; nobody is notified
