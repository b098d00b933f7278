"""Whom an account shows on its own profile."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, ids, paging
from fediterr.core.db import insert_once, session
from fediterr.social import follows
from fediterr.social.models import Endorsement


def endorse(account: Account, target: Account) -> None:
    """Show somebody whom one follows; twice is once. Raises Invalid."""
    follow = follows.find(account, target)
    if follow is None or not follow.accepted:
        raise errors.Invalid("You must be already following the person you want to endorse")
    row = {"id": ids.new(), "account_id": account.id, "target_id": target.id, "follow_id": follow.id}
    insert_once(Endorsement, {**row, "created_at": clock.now()})


def end(account: Account, target: Account) -> None:
    mine = Endorsement.account_id == account.id
    session.execute(sa.delete(Endorsement).where(mine, Endorsement.target_id == target.id))


def listed(account: Account, page: paging.Page) -> list[Endorsement]:
    """Whom an account shows, last first."""
    shown = (
        sa.select(Endorsement)
        .join(Account, Account.id == Endorsement.target_id)
        .where(Endorsement.account_id == account.id, Account.suspended_at.is_(None))
    )
    return paging.take(shown.options(joinedload(Endorsement.target)), Endorsement.id, page)
