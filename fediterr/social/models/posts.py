"""What is said, and what is done with it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.accounts.models import Account, Application
from fediterr.core import clock
from fediterr.core.db import Identified, Model
from fediterr.social.models import columns
from fediterr.social.models.cards import PreviewCard
from fediterr.social.models.media import Medium
from fediterr.social.models.polls import Poll


class Visibility(StrEnum):
    """Who may see a post; the words are those of the Mastodon API, which calls `followers` "private", and so the last.

    A post for a community is seen by those alone who are in it.
    """

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    DIRECT = "direct"
    COMMUNITY = "community"


class Post(Identified, Model):
    """Something published; a boost is a post that only points at another."""

    __tablename__ = "posts"
    __table_args__ = (
        sa.Index("ix_posts_author_id_id", "author_id", sa.text("id DESC")),
        sa.Index("ix_posts_visibility_id", "visibility", sa.text("id DESC")),
        sa.UniqueConstraint("author_id", "boost_of_id"),
    )

    uri: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str | None]
    author_id: Mapped[int] = columns.account_id()
    local: Mapped[bool] = mapped_column(default=False)
    boost_of_id: Mapped[int | None] = columns.post_id(nullable=True, index=True)
    kind: Mapped[str] = mapped_column(default="Note")  # its ActivityStreams type

    title: Mapped[str | None]  # `name` of Article, Page, Event…
    summary: Mapped[str | None]  # an excerpt, for kinds that have a title
    warning: Mapped[str] = mapped_column(default="")  # content warning
    content: Mapped[str] = mapped_column(default="")  # clean HTML
    source: Mapped[str | None]  # as typed here
    sensitive: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None]
    visibility: Mapped[str] = mapped_column(default=Visibility.PUBLIC)
    emojis: Mapped[list[Any]] = mapped_column(default=list)  # [{shortcode, url}]
    tags: Mapped[list[Any]] = mapped_column(default=list)  # as written, without "#"
    link: Mapped[str | None]  # the address a link post speaks of
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of a kind: start, end, place of an Event…

    in_reply_to_id: Mapped[int | None] = columns.post_id(nullable=True, index=True, forget="SET NULL")
    in_reply_to_uri: Mapped[str | None] = mapped_column(index=True)
    in_reply_to_account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    thread_id: Mapped[int | None] = mapped_column(index=True)  # id of the first post of the thread that we know
    quote_uri: Mapped[str | None]
    quote_policy: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))  # {automatic, manual}
    context_uri: Mapped[str | None]
    application_id: Mapped[int | None] = mapped_column(  # with which it was written here
        sa.ForeignKey("applications.id", ondelete="SET NULL"), index=True
    )
    card_id: Mapped[int | None] = mapped_column(sa.ForeignKey("preview_cards.id", ondelete="SET NULL"), index=True)

    published_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]
    stored_at: Mapped[datetime] = mapped_column(default=clock.now)

    likes_count: Mapped[int] = mapped_column(default=0)
    boosts_count: Mapped[int] = mapped_column(default=0)
    replies_count: Mapped[int] = mapped_column(default=0)
    quotes_count: Mapped[int] = mapped_column(default=0)

    author: Mapped[Account] = relationship(foreign_keys=[author_id])
    boost_of: Mapped["Post | None"] = relationship(foreign_keys=[boost_of_id], remote_side="Post.id")
    in_reply_to: Mapped["Post | None"] = relationship(foreign_keys=[in_reply_to_id], remote_side="Post.id")
    mentions: Mapped[list["Mention"]] = relationship(passive_deletes="all", order_by="Mention.account_id")
    media: Mapped[list["Medium"]] = relationship(passive_deletes="all", order_by="Medium.position, Medium.id")
    poll: Mapped["Poll | None"] = relationship(passive_deletes="all")
    card: Mapped["PreviewCard | None"] = relationship()
    application: Mapped["Application | None"] = relationship()
    quote: Mapped["Quote | None"] = relationship(
        foreign_keys="Quote.post_id", passive_deletes="all", back_populates="post"
    )

    @property
    def is_public(self) -> bool:
        return self.visibility in (Visibility.PUBLIC, Visibility.UNLISTED)

    @property
    def veiled(self) -> bool:
        """Whether its pictures are hidden until one asks: its author says so, or moderators do of the author."""
        return self.sensitive or self.author.sensitized_at is not None

    def __repr__(self) -> str:
        return f"<Post {self.uri}>"


class Quote(Identified, Model):
    """A post shows another one, if the author of the other agrees (FEP-044f)."""

    __tablename__ = "quotes"

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), unique=True)
    quoted_id: Mapped[int | None] = columns.post_id(nullable=True, index=True, forget="SET NULL")
    state: Mapped[str] = mapped_column(default="pending")  # pending, accepted, rejected, revoked
    request_uri: Mapped[str | None] = mapped_column(unique=True)  # of the QuoteRequest
    authorization_uri: Mapped[str | None] = mapped_column(index=True)  # of the QuoteAuthorization
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    post: Mapped[Post] = relationship(foreign_keys=[post_id], back_populates="quote")
    quoted: Mapped[Post | None] = relationship(foreign_keys=[quoted_id])


class Tombstone(Model):
    """What was deleted or undone, so that it does not come back (or come too late)."""

    __tablename__ = "tombstones"

    uri: Mapped[str] = mapped_column(primary_key=True)
    actor_uri: Mapped[str] = mapped_column(primary_key=True)  # who said so: it holds against nobody else
    was_local: Mapped[bool] = mapped_column(default=False)
    was_public: Mapped[bool] = mapped_column(default=False)
    deleted_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class FormerId(Model):
    """Where a post of here was before its author moved here: its id and its page there lead to it."""

    __tablename__ = "former_ids"

    uri: Mapped[str] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), index=True)


class Revision(Identified, Model):
    """How a post read before an edit."""

    __tablename__ = "revisions"

    post_id: Mapped[int] = columns.post_id(index=True)
    title: Mapped[str | None]
    warning: Mapped[str] = mapped_column(default="")
    content: Mapped[str] = mapped_column(default="")
    sensitive: Mapped[bool] = mapped_column(default=False)
    media: Mapped[list[Any]] = mapped_column(default=list)  # [{url, description}]
    poll_options: Mapped[list[Any]] = mapped_column(default=list)
    written_at: Mapped[datetime]


class Mention(Model):
    __tablename__ = "mentions"

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    silent: Mapped[bool] = mapped_column(default=False)  # addressed, but not named in the text

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class PostTag(Model):
    """A hashtag of a post, folded so that #Éclairage and #eclairage meet."""

    __tablename__ = "post_tags"

    tag: Mapped[str] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True)


class Like(Identified, Model):
    """A like; other software's emoji reactions are read as likes and keep their sign."""

    __tablename__ = "likes"
    __table_args__ = (sa.UniqueConstraint("account_id", "post_id"),)

    account_id: Mapped[int] = columns.account_id()
    post_id: Mapped[int] = columns.post_id(index=True)
    uri: Mapped[str] = mapped_column(unique=True)
    emoji: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    account: Mapped[Account] = relationship()


class Pin(Model):
    """A post at the head of its author's profile (the `featured` collection)."""

    __tablename__ = "pins"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
