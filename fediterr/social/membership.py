"""Who is in a community, and what asking to follow one means: to follow it is to be in it."""

import sqlalchemy as sa

from fediterr.accounts.models import Account, Kind
from fediterr.core import clock, errors
from fediterr.core.db import insert_once, session
from fediterr.social.models import Community, CommunityMember, Joining, Rank, Standing
from fediterr.territories.models import Authority, Employment, Territory

MODERATORS = (Rank.MODERATOR, Rank.ANIMATOR)


def of(group: Account) -> Community | None:
    """The rules of a community, as far as they are known; None for what is none."""
    return session.get(Community, group.id) if group.kind == Kind.GROUP else None


def find(group: Account, account: Account) -> CommunityMember | None:
    return session.get(CommunityMember, (group.id, account.id))


def standing(account: Account, group: Account) -> str | None:
    """Whether somebody is in, has asked, is invited or was sent away; None: nothing of that."""
    found = find(group, account)
    return found.standing if found else None


def rank(account: Account, group: Account) -> str | None:
    """What somebody is in a community, of here or elsewhere; None: they are not in it."""
    found = find(group, account)
    return found.rank if found is not None and found.standing == Standing.IN else None


def is_moderator(account: Account, group: Account) -> bool:
    return rank(account, group) in MODERATORS


def is_last_moderator(account: Account, group: Account) -> bool:
    if not group.local or not is_moderator(account, group):
        return False
    others = sa.select(CommunityMember.account_id).where(
        CommunityMember.community_id == group.id,
        CommunityMember.account_id != account.id,
        CommunityMember.standing == Standing.IN,
        CommunityMember.rank.in_(MODERATORS),
    )
    return session.scalar(others.limit(1)) is None


# --- what a follow means -------------------------------------------------------------------------------------------


def require_may_ask(account: Account, group: Account) -> None:
    """Forbidden for who was sent away, and for whom there is no way in."""
    community = of(group)
    if community is None or not group.local:
        return
    known = standing(account, group)
    if known == Standing.BANNED:
        raise errors.Forbidden("You were sent away from this community.")
    if community.private and account.kind == Kind.GROUP:
        raise errors.Forbidden("No other community carries a private one.")
    if community.joining == Joining.INVITATION and known not in (Standing.IN, Standing.INVITED):
        raise errors.Forbidden("One comes into this community by invitation.")


def admits(group: Account, account: Account) -> bool:
    """Whether somebody who asks is in at once."""
    community = of(group)
    if community is None:
        return not group.locked
    if community.joining == Joining.OPEN or standing(account, group) in (Standing.IN, Standing.INVITED):
        return True
    return community.joining == Joining.NATURE and has_nature(account, community.natures)


def has_nature(account: Account, natures: list[str]) -> bool:
    """Whether an account stands for an authority of one of these natures, or works for one that says so, too.

    One of elsewhere asks like anybody else: that a website points back to it proves a domain, not what it stands for.
    """
    employer = sa.select(Employment.employer_id).where(Employment.account_id == account.id, Employment.confirmed)
    wanted = (
        sa.select(Authority.account_id)
        .join(Account, Account.id == Authority.account_id)
        .join(Territory, Territory.id == Authority.territory_id)
        .where(sa.or_(Authority.account_id == account.id, Authority.account_id.in_(employer)))
        .where(Account.local, Account.suspended_at.is_(None))
        .where(Territory.kind.in_(natures))
    )
    return session.scalar(wanted.limit(1)) is not None


def note(group: Account, account: Account, stands: str, *, words: str = "") -> CommunityMember:
    """Write down how somebody stands with a community of here; who stays in keeps their rank."""
    row = {"community_id": group.id, "account_id": account.id, "standing": stands, "since": clock.now()}
    insert_once(CommunityMember, {**row, "rank": Rank.MEMBER, "words": words})
    found = session.get_one(CommunityMember, (group.id, account.id))
    if found.standing != stands:
        found.standing, found.since, found.rank, found.words = stands, clock.now(), Rank.MEMBER, words
    elif words:
        found.words = words
    session.flush()
    return found


def ask(account: Account, group: Account) -> None:
    """Somebody who is not let in at once waits."""
    if group.local and of(group) is not None and standing(account, group) is None:
        note(group, account, Standing.ASKED)


def enter(account: Account, group: Account) -> None:
    """Whoever may follow a community of here is in it."""
    if group.local and of(group) is not None:
        note(group, account, Standing.IN)


def leave(account: Account, group: Account) -> None:
    """Whoever follows it no longer is in it no longer; who was sent away stays sent away."""
    found = find(group, account) if group.local and group.kind == Kind.GROUP else None
    if found is not None and found.standing in (Standing.IN, Standing.ASKED):
        session.delete(found)
        session.flush()


def require_may_leave(account: Account, group: Account) -> None:
    """Conflict for the last of its moderators."""
    if account.local and group.kind == Kind.GROUP and is_last_moderator(account, group):
        raise errors.Conflict("The last moderator of a community stays: name another one first.")
