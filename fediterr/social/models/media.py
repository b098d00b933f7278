"""Files of posts, the pictures of profiles and of emojis."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.core import clock
from fediterr.core.db import Identified, Model
from fediterr.social.models import columns


class Medium(Identified, Model):
    """A picture, sound, film or file of a post."""

    __tablename__ = "media"

    account_id: Mapped[int] = columns.account_id(index=True)
    post_id: Mapped[int | None] = columns.post_id(nullable=True, index=True)
    scheduled_id: Mapped[int | None] = mapped_column(  # of the post that waits for its hour with it
        sa.ForeignKey("scheduled_posts.id", ondelete="SET NULL"), index=True
    )
    draft_id: Mapped[int | None] = mapped_column(  # of the draft that keeps it
        sa.ForeignKey("saved_drafts.id", ondelete="SET NULL"), index=True
    )
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
    measures: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))  # duration, bitrate, frame_rate
    preview: Mapped[str | None] = mapped_column(unique=True, index=True)  # of here: a smaller picture, in the store
    preview_width: Mapped[int | None]
    preview_height: Mapped[int | None]
    raw: Mapped[str | None] = mapped_column(unique=True, index=True)  # as it came, in the store, until it is developed
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # when a worker may take it up; None: nothing to do
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def is_processing(self) -> bool:
        return self.due_at is not None

    @property
    def has_failed(self) -> bool:
        return self.path is None and self.remote_url is None and self.due_at is None


class Emoji(Model):
    """A custom emoji of here; its picture belongs to the server's own actor."""

    __tablename__ = "emojis"

    shortcode: Mapped[str] = mapped_column(primary_key=True)
    medium_id: Mapped[int] = mapped_column(sa.ForeignKey("media.id", ondelete="CASCADE"), unique=True)
    category: Mapped[str | None]  # under which pickers show it
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    medium: Mapped[Medium] = relationship(lazy="joined", innerjoin=True)


class Portrait(Model):
    """A picture of a profile of here: what its `icon` or its `image` is."""

    __tablename__ = "portraits"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)  # icon, image
    medium_id: Mapped[int] = mapped_column(sa.ForeignKey("media.id", ondelete="CASCADE"), unique=True)

    medium: Mapped[Medium] = relationship(lazy="joined", innerjoin=True)
