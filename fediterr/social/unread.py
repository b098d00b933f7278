"""How much somebody has not read yet: one question, since every page asks it."""

from typing import Any, NamedTuple

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core.db import session
from fediterr.social import markers, notifications
from fediterr.social.models import Conversation, Marker, Notification

MOST = 100  # counted no further
APART = notifications.Choice(without=("follow_request",))  # those who ask are told by themselves


class Unread(NamedTuple):
    notifications: int
    conversations: int


def of(account: Account) -> Unread:
    """Notifications newer than what was read last, and conversations where something new was said."""
    read = sa.select(Marker.last_read_id).where(
        Marker.account_id == account.id, Marker.timeline == markers.NOTIFICATIONS
    )
    newer = sa.select(Notification.id).where(
        *notifications.chosen(account, APART), Notification.id > sa.func.coalesce(read.scalar_subquery(), 0)
    )
    talks = sa.select(Conversation.id).where(Conversation.account_id == account.id, Conversation.unread)
    return Unread(*session.execute(sa.select(_number(newer), _number(talks))).one())


def _number(wanted: sa.Select[Any]) -> sa.ScalarSelect[Any]:
    return sa.select(sa.func.count()).select_from(wanted.limit(MOST).subquery()).scalar_subquery()
