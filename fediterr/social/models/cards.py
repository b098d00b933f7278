"""What the pages say of themselves to which posts link."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core.db import Identified, Model


class PreviewCard(Identified, Model):
    """A page as it introduces itself; one row for each address, also when there is nothing to show."""

    __tablename__ = "preview_cards"

    url: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(default="link")  # link, photo, video
    title: Mapped[str] = mapped_column(default="")  # without one, nothing is shown
    description: Mapped[str] = mapped_column(default="")
    language: Mapped[str | None]
    author_name: Mapped[str] = mapped_column(default="")
    author_url: Mapped[str] = mapped_column(default="")
    provider_name: Mapped[str] = mapped_column(default="")
    provider_url: Mapped[str] = mapped_column(default="")
    embed_url: Mapped[str] = mapped_column(default="")
    image_url: Mapped[str | None]
    image_description: Mapped[str] = mapped_column(default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]  # None: not yet
