"""Direct posts as talks between the same people."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core.db import Identified, Model
from fediterr.social.models import columns


class Conversation(Identified, Model):
    """A thread of direct posts between the same people, as one of them sees it."""

    __tablename__ = "conversations"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "thread_id", "participants"),
        sa.Index("ix_conversations_account_id_last_post_id", "account_id", sa.text("last_post_id DESC")),
        sa.Index("ix_conversations_last_post_id", "last_post_id"),
    )

    account_id: Mapped[int] = columns.account_id()
    thread_id: Mapped[int]
    participants: Mapped[str]  # the ids of the others, in order, apart by commas
    last_post_id: Mapped[int]
    unread: Mapped[bool] = mapped_column(default=False)


class ConversationPost(Model):
    """A post of a conversation."""

    __tablename__ = "conversation_posts"

    conversation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True)
