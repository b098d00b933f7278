"""The weekly summary of a community: what was said in it, who came, and who gets it by mail, once.

It leaves on the day that the animator chose, from seven in the morning on; a week with nothing to tell is passed over.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fediterr.accounts.models import Account, Kind, User
from fediterr.core import clock, mail, site
from fediterr.core.db import session
from fediterr.social import blocks, communities, posts, summary_letters, timelines
from fediterr.social.drafts import Draft
from fediterr.social.models import Community, CommunityMember, CommunityPost, Post, Standing, Visibility
from fediterr.social.summary_letters import Summary, Thread
from fediterr.social.visibility import visible

CLOCK = ZoneInfo("Europe/Paris")  # as the pages tell the hour
HOUR = 7
WEEK = timedelta(days=7)
LONGEST = timedelta(days=14)  # when the one before was missed
THREADS = 10
NEWCOMERS = 20
FOREWORD = 4000  # characters


def of(community: Community, viewer: Account | None, since: datetime | None = None) -> Summary:
    """What a summary tells now, as far as that reader may see it and wants to."""
    since = since or since_of(community)
    ranked = _threads(community, since)
    seen = _seen([*ranked, *_pinned(community)], viewer)
    threads = timelines.load([identifier for identifier in ranked if identifier in seen][:THREADS])
    told = {post.id for post in threads}
    pinned = timelines.load([identifier for identifier in _pinned(community) if identifier in seen - told])
    return Summary(
        community,
        since,
        clock.now(),
        [Thread(post, ranked[post.id]) for post in threads],
        pinned,
        _newcomers(community, since),
    )


def since_of(community: Community) -> datetime:
    """Where the next summary begins: where the last one ended, at most two weeks ago."""
    now = clock.now()
    return max(community.summarized_at or now - WEEK, now - LONGEST)


def _threads(community: Community, since: datetime) -> dict[int, int]:
    """The answers of these days, by the id of the post that begins the thread, the most answered first."""
    answer = aliased(Post)
    shown = (*_OPEN, Visibility.COMMUNITY)
    said = sa.and_(
        answer.thread_id == Post.id,
        answer.id != Post.id,
        answer.published_at >= since,
        answer.visibility.in_(shown),
        answer.author_id.not_in(sa.select(Account.id).where(Account.suspended_at.is_not(None))),
    )
    number = sa.func.count(answer.id)
    wanted = (
        sa.select(Post.id, number)
        .join(CommunityPost, CommunityPost.post_id == Post.id)
        .outerjoin(answer, said)
        .where(*_in(community), Post.in_reply_to_uri.is_(None), Post.visibility.in_(shown))
        .group_by(Post.id)
        .having(sa.or_(Post.published_at >= since, number > 0))
        .order_by(number.desc(), Post.id.desc())
        .limit(THREADS * 4)
    )
    found: dict[int, int] = dict(session.execute(wanted).all())
    return found


_OPEN = (Visibility.PUBLIC, Visibility.UNLISTED)


def _in(community: Community) -> tuple[sa.ColumnElement[bool], ...]:
    return (CommunityPost.community_id == community.account_id, CommunityPost.removed_at.is_(None))


def _pinned(community: Community) -> list[int]:
    wanted = sa.select(CommunityPost.post_id).where(*_in(community), CommunityPost.pinned_at.is_not(None))
    return list(session.scalars(wanted.order_by(CommunityPost.pinned_at.desc())))


def _seen(identifiers: list[int], viewer: Account | None) -> set[int]:
    """Those of these posts that the reader may see, by people they do not keep away."""
    wanted = sa.select(Post.id).where(Post.id.in_(identifiers), visible(viewer))
    if viewer is not None:
        wanted = wanted.where(Post.author_id.not_in(blocks.kept_away_from(viewer.id, clock.now())))
    return set(session.scalars(wanted))


def _newcomers(community: Community, since: datetime) -> list[Account]:
    wanted = sa.select(Account).join(CommunityMember, CommunityMember.account_id == Account.id)
    wanted = wanted.where(
        CommunityMember.community_id == community.account_id,
        CommunityMember.standing == Standing.IN,
        CommunityMember.since >= since,
        Account.suspended_at.is_(None),
        Account.kind != Kind.GROUP,  # another community that carries this one
    )
    return list(session.scalars(wanted.order_by(CommunityMember.since).limit(NEWCOMERS)))


def arrange(community: Community, *, day: int | None, foreword: str, posted: bool) -> None:
    """When the summary leaves (Monday is 0; None: never), with which words before it, also as a thread or not."""
    community.summary_day, community.foreword, community.summary_posted = day, foreword[:FOREWORD], posted
    session.flush()


# --- who gets it ---------------------------------------------------------------------------------------------------


def wants(account: Account, community: Community) -> bool:
    """Whether a member gets the letter."""
    row = session.get(CommunityMember, (community.account_id, account.id))
    return row is not None and row.standing == Standing.IN and row.summary


def choose(account: Account, community: Community, *, wanted: bool) -> None:
    """A member asks for the letter, or for no more of them; nothing for whoever is no member."""
    row = session.get(CommunityMember, (community.account_id, account.id))
    if row is not None:
        row.summary = wanted
        session.flush()


def _readers(community: Community) -> list[User]:
    """The members of here who want the letter."""
    wanted = (
        sa.select(User)
        .join(CommunityMember, CommunityMember.account_id == User.account_id)
        .where(
            CommunityMember.community_id == community.account_id,
            CommunityMember.standing == Standing.IN,
            CommunityMember.summary,
        )
    )
    return [user for user in session.scalars(wanted.order_by(User.id)) if user.may_sign_in]


def word_of(account: Account, community: Community) -> str:
    """What the letter holds and nobody can guess; of the server's secret, so that none is kept."""
    message = f"summary {community.account_id} {account.id}".encode()
    return hmac.new(site.settings().secret_key.encode(), message, hashlib.sha256).hexdigest()[:40]


def opens(account: Account, community: Community, word: str) -> bool:
    return hmac.compare_digest(word_of(account, community).encode(), word.encode())


def way_out(account: Account, community: Community) -> str:
    """Where a reader asks for no more of these letters, signed in or not."""
    asked = f"communaute={community.account_id}&compte={account.id}&mot={word_of(account, community)}"
    return site.address(f"/resumes/arret?{asked}")


# --- when the day has come -----------------------------------------------------------------------------------------


def send_next() -> bool:
    """Send the summary of one community whose day it is; whether there was any.

    Its letters are written in the same unit of work that notes it as sent: all of them, once.
    """
    now = clock.now()
    here = now.astimezone(CLOCK)
    begins = here.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if here < begins:
        return False
    wanted = sa.select(Community).where(
        Community.summary_day == here.weekday(),
        sa.or_(Community.summarized_at.is_(None), Community.summarized_at < begins),
    )
    community = session.scalar(wanted.order_by(Community.account_id).limit(1))
    if community is None:
        return False
    if community.account.active:
        _send(community)
    community.summarized_at, community.foreword = clock.now(), ""
    session.flush()
    return True


def _send(community: Community) -> None:
    since = since_of(community)
    for user in _readers(community):
        summary = of(community, user.account, since)
        if not summary.is_empty:
            out = way_out(user.account, community)
            letter = summary_letters.write(summary, user.language, out)
            mail.send(user.email, letter.subject, letter.words, html=letter.html, unsubscribe=out)
    if community.summary_posted:
        _publish(community, since)


def _publish(community: Community, since: datetime) -> None:
    """The same as a thread of the community, signed by its animator: what all its readers may see."""
    animator = next((each.account for each in communities.moderators(community.account)), None)
    if animator is None or not animator.local:
        return
    summary = of(community, animator if community.private else None, since)
    if summary.is_empty:
        return
    language = community.account.language or site.settings().language
    letter = summary_letters.write(summary, language)
    draft = Draft(content=letter.body, title=letter.subject, language=language, community=community.account)
    posts.publish(animator, draft)
