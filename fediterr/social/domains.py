"""Servers of which somebody wants to see nothing: for themselves alone, whatever the operator decides."""

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, domains, errors, ids, paging, site
from fediterr.core.db import insert_once, session
from fediterr.social import severances
from fediterr.social.models import Follow, HiddenDomain, Notification


def hide(account: Account, domain: str) -> None:
    """See nothing of a server any more: follows in both ways end, and what was told of there is forgotten."""
    domain = domains.normal(domain)
    if not domain:
        raise errors.Invalid("Domain can't be blank")
    if "." not in domain or " " in domain or "/" in domain or len(domain) > 253:
        raise errors.Invalid("Domain is not a valid domain name")
    if domain in (site.settings().host, site.settings().handle_domain):
        raise errors.Invalid("Nobody hides their own server.")
    insert_once(HiddenDomain, {"id": ids.new(), "account_id": account.id, "domain": domain, "created_at": clock.now()})
    there = sa.select(Account.id).where(Account.domain == domain)
    mine = sa.and_(Follow.follower_id == account.id, Follow.target_id.in_(there))
    theirs = sa.and_(Follow.target_id == account.id, Follow.follower_id.in_(there))
    between = session.scalars(sa.select(Follow).where(sa.or_(mine, theirs))).all()
    severances.sever(between, "user_domain_block", domain)
    told = sa.delete(Notification).where(Notification.account_id == account.id, Notification.from_id.in_(there))
    session.execute(told.execution_options(synchronize_session=False))


def show(account: Account, domain: str) -> None:
    """See a server again."""
    mine = HiddenDomain.account_id == account.id
    session.execute(sa.delete(HiddenDomain).where(mine, HiddenDomain.domain == domains.normal(domain)))


def hidden(account: Account, page: paging.Page) -> list[HiddenDomain]:
    """The servers that an account hides, last first."""
    return paging.take(sa.select(HiddenDomain).where(HiddenDomain.account_id == account.id), HiddenDomain.id, page)
