"""What is said, and what people do with it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.accounts.models import Account
from fediterr.core import clock
from fediterr.core.db import Identified, Model


class Visibility(StrEnum):
    """Who may see a post; the words are those of the Mastodon API, which calls `followers` "private"."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    DIRECT = "direct"


def _account(*, nullable: bool = False, index: bool = False) -> Any:
    return mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=nullable, index=index)


def _post(*, nullable: bool = False, index: bool = False, forget: str = "CASCADE") -> Any:
    return mapped_column(sa.ForeignKey("posts.id", ondelete=forget), nullable=nullable, index=index)


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
    author_id: Mapped[int] = _account()
    local: Mapped[bool] = mapped_column(default=False)
    boost_of_id: Mapped[int | None] = _post(nullable=True, index=True)
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

    in_reply_to_id: Mapped[int | None] = _post(nullable=True, index=True, forget="SET NULL")
    in_reply_to_uri: Mapped[str | None] = mapped_column(index=True)
    in_reply_to_account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    thread_id: Mapped[int | None] = mapped_column(index=True)  # id of the first post of the thread that we know
    quote_uri: Mapped[str | None]
    context_uri: Mapped[str | None]

    published_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]
    stored_at: Mapped[datetime] = mapped_column(default=clock.now)

    likes_count: Mapped[int] = mapped_column(default=0)
    boosts_count: Mapped[int] = mapped_column(default=0)
    replies_count: Mapped[int] = mapped_column(default=0)

    author: Mapped[Account] = relationship(foreign_keys=[author_id])
    boost_of: Mapped["Post | None"] = relationship(foreign_keys=[boost_of_id], remote_side="Post.id")
    in_reply_to: Mapped["Post | None"] = relationship(foreign_keys=[in_reply_to_id], remote_side="Post.id")
    mentions: Mapped[list["Mention"]] = relationship(passive_deletes="all", order_by="Mention.account_id")
    media: Mapped[list["Medium"]] = relationship(passive_deletes="all", order_by="Medium.position, Medium.id")
    poll: Mapped["Poll | None"] = relationship(passive_deletes="all")

    @property
    def is_public(self) -> bool:
        return self.visibility in (Visibility.PUBLIC, Visibility.UNLISTED)

    def __repr__(self) -> str:
        return f"<Post {self.uri}>"


class Tombstone(Model):
    """What was deleted or undone, so that it does not come back (or come too late)."""

    __tablename__ = "tombstones"

    uri: Mapped[str] = mapped_column(primary_key=True)
    actor_uri: Mapped[str] = mapped_column(primary_key=True)  # who said so: it holds against nobody else
    was_local: Mapped[bool] = mapped_column(default=False)
    was_public: Mapped[bool] = mapped_column(default=False)
    deleted_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class Revision(Identified, Model):
    """How a post read before an edit."""

    __tablename__ = "revisions"

    post_id: Mapped[int] = _post(index=True)
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


class FeaturedTag(Identified, Model):
    __tablename__ = "featured_tags"
    __table_args__ = (sa.UniqueConstraint("account_id", "folded"),)

    account_id: Mapped[int] = _account()
    name: Mapped[str]
    folded: Mapped[str]


class Medium(Identified, Model):
    """A picture, sound, film or file of a post."""

    __tablename__ = "media"

    account_id: Mapped[int] = _account(index=True)
    post_id: Mapped[int | None] = _post(nullable=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(default="document")  # image, video, audio, document, link
    media_type: Mapped[str | None]
    remote_url: Mapped[str | None]  # of elsewhere
    path: Mapped[str | None] = mapped_column(unique=True, index=True)  # of here: in the store
    name: Mapped[str | None]  # under which a document is saved
    description: Mapped[str] = mapped_column(default="")
    blurhash: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    focus: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    size: Mapped[int | None]  # bytes
    digest: Mapped[str | None]  # multibase multihash (FEP-1311)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Emoji(Model):
    """A custom emoji of here; its picture belongs to the server's own actor."""

    __tablename__ = "emojis"

    shortcode: Mapped[str] = mapped_column(primary_key=True)
    medium_id: Mapped[int] = mapped_column(sa.ForeignKey("media.id", ondelete="CASCADE"), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    medium: Mapped[Medium] = relationship(lazy="joined", innerjoin=True)


class Poll(Identified, Model):
    __tablename__ = "polls"

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), unique=True)
    multiple: Mapped[bool] = mapped_column(default=False)
    options: Mapped[list[Any]]  # texts
    counts: Mapped[list[Any]]  # votes per option
    voters_count: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]


class Vote(Identified, Model):
    __tablename__ = "votes"
    __table_args__ = (sa.UniqueConstraint("poll_id", "account_id", "option"),)

    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id", ondelete="CASCADE"))
    account_id: Mapped[int] = _account()
    option: Mapped[int]
    uri: Mapped[str | None] = mapped_column(unique=True)


class Like(Identified, Model):
    """A like; other software's emoji reactions are read as likes and keep their sign."""

    __tablename__ = "likes"
    __table_args__ = (sa.UniqueConstraint("account_id", "post_id"),)

    account_id: Mapped[int] = _account()
    post_id: Mapped[int] = _post(index=True)
    uri: Mapped[str] = mapped_column(unique=True)
    emoji: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    account: Mapped[Account] = relationship()


class Follow(Identified, Model):
    """Somebody follows somebody, or has asked to."""

    __tablename__ = "follows"
    __table_args__ = (
        sa.UniqueConstraint("follower_id", "target_id"),
        sa.Index("ix_follows_target_id_accepted", "target_id", "accepted"),
    )

    follower_id: Mapped[int] = _account()
    target_id: Mapped[int] = _account()
    uri: Mapped[str] = mapped_column(unique=True)
    accepted: Mapped[bool] = mapped_column(default=False)
    boosts: Mapped[bool] = mapped_column(default=True)
    notify: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    follower: Mapped[Account] = relationship(foreign_keys=[follower_id])
    target: Mapped[Account] = relationship(foreign_keys=[target_id])


class Block(Identified, Model):
    __tablename__ = "blocks"
    __table_args__ = (sa.UniqueConstraint("account_id", "target_id"),)

    account_id: Mapped[int] = _account()
    target_id: Mapped[int] = _account(index=True)
    uri: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    target: Mapped[Account] = relationship(foreign_keys=[target_id])


class Mute(Identified, Model):
    __tablename__ = "mutes"
    __table_args__ = (sa.UniqueConstraint("account_id", "target_id"),)

    account_id: Mapped[int] = _account()
    target_id: Mapped[int] = _account(index=True)
    notifications: Mapped[bool] = mapped_column(default=True)
    ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    target: Mapped[Account] = relationship(foreign_keys=[target_id])


class Pin(Model):
    """A post at the head of its author's profile (the `featured` collection)."""

    __tablename__ = "pins"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Notification(Identified, Model):
    __tablename__ = "notifications"
    __table_args__ = (
        sa.Index("ix_notifications_account_id_id", "account_id", sa.text("id DESC")),
        sa.UniqueConstraint("account_id", "kind", "from_id", "subject"),
    )

    account_id: Mapped[int] = _account()
    from_id: Mapped[int] = _account(index=True)
    kind: Mapped[str]  # mention, follow, follow_request, favourite, reblog, poll, update, status, move
    post_id: Mapped[int | None] = _post(nullable=True, index=True)
    subject: Mapped[str] = mapped_column(default="")  # what it is about: the same is never told twice
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    sender: Mapped[Account] = relationship(foreign_keys=[from_id])
    post: Mapped[Post | None] = relationship(foreign_keys=[post_id])
