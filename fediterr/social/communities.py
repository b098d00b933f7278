"""Communities: founding one, coming in and leaving, who looks after it, and what is done with what is written there.

Who is in is a matter of `membership`; to follow a community of here is to be in it. Of a community of elsewhere we know
what its own server says: its rules, its moderators, what was written in it.
"""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import STAFF, Account, Kind
from fediterr.core import clock, errors, facts, paging, site, text
from fediterr.core.db import insert_once, session
from fediterr.social import follows, membership, timelines
from fediterr.social.models import Community, CommunityMember, CommunityPost, Follow, Joining, Post, Rank, Standing
from fediterr.territories.models import Nature

RULES = 20
RULE, NAME, SUMMARY = 300, 100, 2000  # characters
PINS = 5
WEEK = 7  # days


@dataclass(frozen=True)
class MemberInvited(facts.Fact):
    community_id: int
    account_id: int
    by_id: int


@dataclass(frozen=True)
class MemberLetIn(facts.Fact):
    community_id: int
    account_id: int
    by_id: int


@dataclass(frozen=True)
class MemberSentAway(facts.Fact):
    community_id: int
    account_id: int
    by_id: int
    words: str = ""


@dataclass(frozen=True)
class MemberLetBack(facts.Fact):
    community_id: int
    account_id: int
    by_id: int


@dataclass(frozen=True)
class RankChanged(facts.Fact):
    community_id: int
    account_id: int
    by_id: int
    rank: str
    before: str


@dataclass(frozen=True)
class PlaceChanged(facts.Fact):
    """A moderator pinned, locked or removed something, or took that back."""

    community_id: int
    post_id: int
    by_id: int
    what: str  # pinned, locked, removed
    now: bool
    words: str = ""


@dataclass(frozen=True)
class Charter:
    """What a community says of itself, and its rules."""

    title: str = ""
    summary: str = ""
    joining: str = Joining.OPEN
    natures: tuple[str, ...] = ()
    private: bool = False
    moderators_only: bool = False
    rules: tuple[str, ...] = ()
    summary_day: int | None = None


# --- finding -------------------------------------------------------------------------------------------------------


def get(name: str) -> Community:
    """The community of here with that name; NotFound otherwise."""
    found = membership.of(accounts.local(name))
    if found is None:
        raise errors.NotFound("There is no such community.")
    return found


def of_here(page: paging.Page) -> list[Community]:
    """The communities of this server, the newest first."""
    open_ = sa.select(Community).join(Account, Account.id == Community.account_id)
    open_ = open_.where(Account.local, Account.suspended_at.is_(None))
    return paging.take(open_, Community.account_id, page)


def of_account(account: Account) -> list[Account]:
    """The communities that somebody of here is in, of here and of elsewhere, by name."""
    joined = sa.select(Account).join(Follow, Follow.target_id == Account.id)
    joined = joined.where(Follow.follower_id == account.id, Follow.accepted, Account.kind == Kind.GROUP)
    return list(session.scalars(joined.where(Account.suspended_at.is_(None)).order_by(Account.name)))


def is_private(group: Account) -> bool:
    community = membership.of(group)
    return community is not None and community.private


def is_member(account: Account | None, group: Account) -> bool:
    """Whether somebody is in: a community of here lists them, one of elsewhere lets them follow it."""
    if account is None:
        return False
    if group.local and membership.of(group) is not None:
        return membership.standing(account, group) == Standing.IN
    follow = follows.find(account, group)
    return follow is not None and follow.accepted


def is_moderator(account: Account | None, group: Account) -> bool:
    return account is not None and membership.is_moderator(account, group)


def members(group: Account, page: paging.Page, *, standing: str = Standing.IN) -> list[CommunityMember]:
    """Those in a community of here, or those who ask, are invited or were sent away; by their id, the newest first."""
    listed = sa.select(CommunityMember).where(CommunityMember.community_id == group.id)
    return paging.take(listed.where(CommunityMember.standing == standing), CommunityMember.account_id, page)


def moderators(group: Account) -> list[CommunityMember]:
    """Who looks after a community of here or elsewhere, the animator first, then the longest in."""
    listed = sa.select(CommunityMember).where(
        CommunityMember.community_id == group.id,
        CommunityMember.standing == Standing.IN,
        CommunityMember.rank.in_(membership.MODERATORS),
    )
    first = CommunityMember.rank != Rank.ANIMATOR
    return list(session.scalars(listed.order_by(first, CommunityMember.since, CommunityMember.account_id)))


def count_members(group: Account, *, standing: str = Standing.IN) -> int:
    counted = sa.select(sa.func.count()).select_from(CommunityMember).where(CommunityMember.community_id == group.id)
    return session.scalar(counted.where(CommunityMember.standing == standing)) or 0


def invitations(account: Account) -> list[Account]:
    """The communities that somebody is invited to, by name."""
    asked = sa.select(Account).join(CommunityMember, CommunityMember.community_id == Account.id)
    asked = asked.where(CommunityMember.account_id == account.id, CommunityMember.standing == Standing.INVITED)
    return list(session.scalars(asked.where(Account.suspended_at.is_(None)).order_by(Account.name)))


def community_of(post: Post) -> Account | None:
    """The community that a post belongs to: the first, where several carry it."""
    first = sa.select(Account).join(CommunityPost, CommunityPost.community_id == Account.id)
    first = first.where(CommunityPost.post_id == post.id, CommunityPost.removed_at.is_(None))
    return session.scalar(first.order_by(Account.local.desc(), Account.id).limit(1))


def communities_of(identifiers: Collection[int]) -> dict[int, Account]:
    """The same for a whole page at once, by the ids of the posts."""
    rows = sa.select(CommunityPost.post_id, Account).join(Account, Account.id == CommunityPost.community_id)
    rows = rows.where(CommunityPost.post_id.in_(identifiers), CommunityPost.removed_at.is_(None))
    found: dict[int, Account] = {}
    for post_id, group in session.execute(rows.order_by(Account.local.desc(), Account.id)):
        found.setdefault(post_id, group)
    return found


def that_hold(post: Post) -> list[int]:
    """The ids of all communities that a post stands in."""
    return list(session.scalars(sa.select(CommunityPost.community_id).where(CommunityPost.post_id == post.id)))


def place_of(group: Account, post: Post) -> CommunityPost | None:
    """How a post stands in a community: pinned, locked, removed; None when it is not there."""
    return session.get(CommunityPost, (post.id, group.id))


def timeline(group: Account, viewer: Account | None, page: paging.Page, *, replies: bool = False) -> list[Post]:
    """What was written in a community, as far as the viewer may see it, newest first: what begins threads, or all."""
    return timelines.of_community(group, viewer, page, replies=replies)


def pinned(group: Account, viewer: Account | None) -> list[Post]:
    """What its moderators have put at the head, as far as the viewer may see it, last first."""
    there = sa.select(CommunityPost.post_id).where(
        CommunityPost.community_id == group.id,
        CommunityPost.pinned_at.is_not(None),
        CommunityPost.removed_at.is_(None),
    )
    listed = session.scalars(there.order_by(CommunityPost.pinned_at.desc(), CommunityPost.post_id.desc()).limit(PINS))
    return timelines.whole(list(listed), viewer)


# --- founding ------------------------------------------------------------------------------------------------------


def found(founder: Account, name: str, charter: Charter) -> Community:
    """Found a community of here; its founder is its animator. Raises Invalid, Conflict for the name, Forbidden."""
    if not founder.local or founder.kind == Kind.GROUP or accounts.is_guest(founder):
        raise errors.Forbidden("Agents and authorities of this server found communities.")
    _require_sane(charter)
    group = accounts.open_community(name, charter.title)
    community = Community(account_id=group.id, account=group, founder_id=founder.id)
    session.add(community)
    _write(community, charter)
    session.flush()
    membership.note(group, founder, Standing.INVITED)
    follows.accept(follows.ask(founder, group))
    session.get_one(CommunityMember, (group.id, founder.id)).rank = Rank.ANIMATOR
    session.flush()
    return community


def change(by: Account, group: Account, charter: Charter) -> None:
    """Change what a community says of itself, and its rules. What is private does not become public."""
    community = _of_here(group)
    _require_moderator(by, group)
    _require_sane(charter)
    if community.private != charter.private and _has_posts(group):
        raise errors.Conflict("What was written for members alone stays so: a community is private from the start.")
    _write(community, charter)
    session.flush()
    facts.tell(accounts.AccountUpdated(group.id))


def _has_posts(group: Account) -> bool:
    return (
        session.scalar(sa.select(CommunityPost.post_id).where(CommunityPost.community_id == group.id).limit(1))
        is not None
    )


def _require_sane(charter: Charter) -> None:
    if not charter.title.strip() or len(charter.title) > NAME:
        raise errors.Invalid(f"A community has a name of at most {NAME} characters.")
    if len(charter.summary) > SUMMARY:
        raise errors.Invalid(f"What a community says of itself has at most {SUMMARY} characters.")
    if len(charter.rules) > RULES or any(len(rule) > RULE for rule in charter.rules):
        raise errors.Invalid(f"A community has at most {RULES} rules of {RULE} characters.")
    if charter.joining not in set(Joining) or not set(charter.natures) <= set(Nature):
        raise errors.Invalid("There is no such way into a community.")
    if charter.joining == Joining.NATURE and not charter.natures:
        raise errors.Invalid("Say for which authorities this community is.")
    if charter.summary_day is not None and charter.summary_day not in range(WEEK):
        raise errors.Invalid("There is no such day of the week.")


def _write(community: Community, charter: Charter) -> None:
    group = community.account
    group.display_name, group.summary_source = charter.title.strip(), charter.summary.strip()
    group.summary = text.compose(group.summary_source, mentions={}, tag_url=site.tag_page)
    group.locked = charter.joining != Joining.OPEN
    group.hide_collections = charter.private
    group.discoverable = group.indexable = not charter.private
    community.joining, community.natures = charter.joining, list(charter.natures)
    community.private, community.moderators_only = charter.private, charter.moderators_only
    community.rules = [rule.strip() for rule in charter.rules if rule.strip()]
    community.summary_day = charter.summary_day


def charter_of(community: Community) -> Charter:
    """What a community says of itself now, to be changed."""
    group = community.account
    return Charter(
        title=group.display_name,
        summary=group.summary_source,
        joining=community.joining,
        natures=tuple(community.natures),
        private=community.private,
        moderators_only=community.moderators_only,
        rules=tuple(community.rules),
        summary_day=community.summary_day,
    )


def _of_here(group: Account) -> Community:
    community = membership.of(group) if group.local else None
    if community is None:
        raise errors.NotFound("There is no such community.")
    return community


def _require_moderator(by: Account, group: Account) -> None:
    """Its own moderators look after a community, and for one of here those of this server, too."""
    if not membership.is_moderator(by, group) and not (group.local and _is_staff(by)):
        raise errors.Forbidden("Only its moderators may do that in a community.")


def _is_staff(by: Account) -> bool:
    user = accounts.user_of(by) if by.local else None
    return user is not None and user.role in STAFF


def _require_above(by: Account, group: Account, account: Account) -> None:
    """A moderator decides about members, the animator about moderators; nobody about who ranks as high."""
    _require_moderator(by, group)
    order = list(Rank)
    theirs = membership.rank(account, group)
    mine = membership.rank(by, group) or Rank.ANIMATOR  # of the staff of this server
    if by.id != account.id and theirs is not None and order.index(Rank(theirs)) >= order.index(Rank(mine)):
        raise errors.Forbidden("That person ranks as high as you do in this community.")


# --- coming in and leaving -----------------------------------------------------------------------------------------


def ask_in(account: Account, group: Account, words: str = "") -> str | None:
    """Come into a community, or ask to; how one stands then (for one of elsewhere: None until it answers)."""
    if group.kind != Kind.GROUP:
        raise errors.Invalid("This is no community.")
    follow = follows.ask(account, group)
    if group.local and not follow.accepted and membership.of(group) is not None:
        membership.note(group, account, Standing.ASKED, words=words.strip()[:RULE])
    return Standing.IN if follow.accepted else membership.standing(account, group)


def let_in(by: Account, group: Account, account: Account) -> None:
    """Say yes to somebody who asks."""
    _require_moderator(by, group)
    follow = follows.find(account, group)
    if follow is None or membership.standing(account, group) != Standing.ASKED:
        raise errors.NotFound("Nobody of that name asks to come in.")
    follows.accept(follow)
    facts.tell(MemberLetIn(group.id, account.id, by.id))


def refuse(by: Account, group: Account, account: Account) -> None:
    """Say no to somebody who asks, or take an invitation back."""
    _require_moderator(by, group)
    stands = membership.standing(account, group)
    if stands not in (Standing.ASKED, Standing.INVITED):
        raise errors.NotFound("Nobody of that name asks to come in.")
    _forget(group, account)


def _forget(group: Account, account: Account) -> None:
    follow = follows.find(account, group)
    if follow is not None:
        follows.refuse(follow)
    if (row := membership.find(group, account)) is not None and row.standing != Standing.BANNED:
        session.delete(row)
        session.flush()


def invite(by: Account, group: Account, account: Account) -> None:
    """Ask somebody to come in; who asks already is let in."""
    _of_here(group)
    _require_moderator(by, group)
    stands = membership.standing(account, group)
    if stands == Standing.ASKED:
        let_in(by, group, account)
    elif stands == Standing.BANNED:
        raise errors.Conflict("Somebody who was sent away is let back first.")
    elif stands is None:
        membership.note(group, account, Standing.INVITED)
        facts.tell(MemberInvited(group.id, account.id, by.id))


def take_invitation(account: Account, group: Account) -> None:
    if membership.standing(account, group) != Standing.INVITED:
        raise errors.NotFound("There is no such invitation.")
    follows.ask(account, group)


def leave(account: Account, group: Account) -> None:
    """Be in a community no longer, ask no longer, or decline. Conflict for its last moderator."""
    follow = follows.find(account, group)
    if follow is not None:
        follows.leave(follow)
    elif group.local and membership.standing(account, group) in (Standing.ASKED, Standing.INVITED):
        session.delete(session.get_one(CommunityMember, (group.id, account.id)))
        session.flush()


def send_away(by: Account, group: Account, account: Account, words: str = "") -> None:
    """Somebody is in no longer, and does not come back until they are let."""
    _require_above(by, group, account)
    if by.id == account.id:
        raise errors.Invalid("Nobody sends themselves away.")
    if membership.standing(account, group) == Standing.BANNED:
        return
    if group.local:
        membership.note(group, account, Standing.BANNED, words=words.strip()[:RULE])
        _forget(group, account)
    facts.tell(MemberSentAway(group.id, account.id, by.id, words))


def let_back(by: Account, group: Account, account: Account) -> None:
    """Somebody who was sent away may ask again."""
    _require_moderator(by, group)
    row = membership.find(group, account)
    if row is not None and row.standing == Standing.BANNED:
        session.delete(row)
        session.flush()
        facts.tell(MemberLetBack(group.id, account.id, by.id))


def set_rank(by: Account, group: Account, account: Account, rank: str) -> None:
    """Make a member a moderator, or the animator; or have a moderator be a member again.

    Moderators name moderators, the animator hands over; one moderator stays.
    """
    _require_above(by, group, account)
    row = membership.find(group, account)
    if row is None or row.standing != Standing.IN:
        raise errors.NotFound("There is no such member.")
    before = row.rank
    if before == rank:
        return
    mine = membership.rank(by, group)
    if Rank.ANIMATOR in (rank, before) and mine not in (Rank.ANIMATOR, None):
        raise errors.Forbidden("The animator hands over to another one.")
    if rank == Rank.MEMBER and membership.is_last_moderator(account, group):
        raise errors.Conflict("The last moderator of a community stays: name another one first.")
    if rank == Rank.ANIMATOR:
        for each in moderators(group):
            each.rank = Rank.MODERATOR
    row.rank = Rank(rank)
    session.flush()
    facts.tell(RankChanged(group.id, account.id, by.id, rank, before))


def link(by: Account, group: Account, other: Account) -> None:
    """Carry another community: what it announces is announced here, too (FEP-d36d)."""
    community = _of_here(group)
    _require_moderator(by, group)
    if other.kind != Kind.GROUP or community.private:
        raise errors.Invalid("A community carries another one that anybody may read.")
    follows.ask(group, other)


def unlink(by: Account, group: Account, other: Account) -> None:
    _require_moderator(by, group)
    follow = follows.find(group, other)
    if follow is not None:
        follows.leave(follow)


def linked(group: Account) -> list[Account]:
    """The communities that one of here carries, or has asked to, by name."""
    carried = sa.select(Account).join(Follow, Follow.target_id == Account.id).where(Follow.follower_id == group.id)
    return list(session.scalars(carried.where(Account.kind == Kind.GROUP).order_by(Account.name)))


# --- what is written there -----------------------------------------------------------------------------------------


def pin(by: Account, group: Account, post: Post) -> None:
    """Put something at the head of a community."""
    place = _place(by, group, post)
    if place.pinned_at is None:
        there = sa.select(sa.func.count()).select_from(CommunityPost).where(CommunityPost.community_id == group.id)
        if (session.scalar(there.where(CommunityPost.pinned_at.is_not(None))) or 0) >= PINS:
            raise errors.Invalid(f"At most {PINS} posts can be pinned in a community.")
        place.pinned_at = clock.now()
        _tell(by, place, "pinned", now=True)


def unpin(by: Account, group: Account, post: Post) -> None:
    place = _place(by, group, post)
    if place.pinned_at is not None:
        place.pinned_at = None
        _tell(by, place, "pinned", now=False)


def lock(by: Account, group: Account, post: Post, words: str = "") -> None:
    """Nobody answers any more in the thread that a post begins."""
    place = _place(by, group, post)
    if place.locked_at is None:
        place.locked_at = clock.now()
        _tell(by, place, "locked", now=True, words=words)


def unlock(by: Account, group: Account, post: Post) -> None:
    place = _place(by, group, post)
    if place.locked_at is not None:
        place.locked_at = None
        _tell(by, place, "locked", now=False)


def remove_post(by: Account, group: Account, post: Post, words: str = "") -> None:
    """Show something in a community no longer; it stays its author's."""
    place = _place(by, group, post)
    if place.removed_at is None:
        place.removed_at, place.pinned_at = clock.now(), None
        _tell(by, place, "removed", now=True, words=words)


def restore_post(by: Account, group: Account, post: Post) -> None:
    place = _place(by, group, post)
    if place.removed_at is not None:
        place.removed_at = None
        _tell(by, place, "removed", now=False)


def _place(by: Account, group: Account, post: Post) -> CommunityPost:
    _require_moderator(by, group)
    place = place_of(group, post)
    if place is None:
        raise errors.NotFound("There is no such post in this community.")
    return place


def _tell(by: Account, place: CommunityPost, what: str, *, now: bool, words: str = "") -> None:
    session.flush()
    facts.tell(PlaceChanged(place.community_id, place.post_id, by.id, what, now, words))


def file(post: Post, group: Account) -> bool:
    """Write down that a post belongs to a community; whether that is new."""
    return insert_once(CommunityPost, {"post_id": post.id, "community_id": group.id}) == 1


def is_new_there(group: Account, post: Post) -> bool:
    """Whether a community of here has not passed a post on yet; from now on it has."""
    place = place_of(group, post)
    if place is None or place.passed_on_at is not None or place.removed_at is not None:
        return False
    place.passed_on_at = clock.now()
    session.flush()
    return True


# --- what communities of elsewhere say ------------------------------------------------------------------------------


def learn(group: Account, *, private: bool, moderators_only: bool, moderators_uri: str | None) -> None:
    """The rules of a community of elsewhere, as its own server tells them."""
    community = membership.of(group) or Community(account_id=group.id)
    community.private, community.moderators_only = private, moderators_only
    community.joining = Joining.REQUEST if group.locked else Joining.OPEN
    community.moderators_uri = moderators_uri
    session.add(community)
    session.flush()


def note_moderators(group: Account, named: Collection[Account]) -> None:
    """Who looks after a community of elsewhere, in its own words."""
    wanted = {each.id for each in named}
    known = {each.account_id: each for each in moderators(group)}
    for identifier in known.keys() - wanted:
        session.delete(known[identifier])
    for identifier in wanted - known.keys():
        row = {"community_id": group.id, "account_id": identifier, "standing": Standing.IN, "since": clock.now()}
        insert_once(CommunityMember, {**row, "rank": Rank.MODERATOR, "words": ""})
    session.flush()


def note_place(group: Account, post: Post, what: str, *, now: bool) -> None:
    """How a post stands in a community of elsewhere, in its own words: pinned, locked, removed."""
    place = place_of(group, post)
    if place is not None and not group.local:
        setattr(place, f"{what}_at", clock.now() if now else None)
        session.flush()
