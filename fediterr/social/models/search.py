"""Which posts can be found by their words."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core.db import Model


class Indexed(Model):
    """A post whose words are in the index.

    On PostgreSQL they stand here; on SQLite in `search_index`, a table that a trigger keeps to these rows.
    """

    __tablename__ = "indexed_posts"
    __table_args__ = (sa.Index("ix_indexed_posts_words", "words", postgresql_using="gin").ddl_if(dialect="postgresql"),)

    post_id: Mapped[int] = mapped_column(
        sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    version: Mapped[int]  # of the way words are read; older ones are read again
    words: Mapped[str | None] = mapped_column(sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"))
