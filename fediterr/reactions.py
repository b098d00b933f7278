"""What follows from each fact: the whole of it, on one page. Workers do it, after the commit, in the order told."""

import logging
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fediterr.accounts import registration
from fediterr.accounts import service as accounts
from fediterr.activitypub import (
    actors,
    cards,
    directories,
    groups,
    interactions,
    moderation,
    moderators,
    profiles,
    representations,
    votes,
)
from fediterr.activitypub import follows as sent_follows
from fediterr.activitypub import posts as sent_posts
from fediterr.activitypub import quotes as sent_quotes
from fediterr.core import broker, clock, db, errors, facts
from fediterr.core.db import session
from fediterr.mastodon import live
from fediterr.moderation import announcements, appeals, circles, claims, notices, people, reports
from fediterr.social import (
    blocks,
    collections,
    communities,
    conversations,
    filters,
    follows,
    index,
    likes,
    news,
    notifications,
    policies,
    polls,
    posts,
    quotes,
    severances,
)
from fediterr.social.models import Post
from fediterr.territories import authorities
from fediterr.web import pushes

log = logging.getLogger(__name__)

BATCH = 10  # some tens of milliseconds: on SQLite nobody else writes meanwhile
TRIES = 3

REACTIONS: dict[type[facts.Fact], list[Callable[[Any], object]]] = {
    registration.NewcomerArrived: [notices.tell_of_newcomer],
    accounts.AccountUpdated: [actors.send_update, profiles.ask_to_complete],
    accounts.AccountMoved: [actors.send_move, news.follow_the_moved, directories.meet_new_place],
    accounts.AccountSuspended: [actors.send_delete],
    accounts.AccountUnsuspended: [actors.send_return],
    posts.PostPublished: [
        sent_posts.send_create,
        news.tell_mentioned,
        news.tell_watchers,
        conversations.keep,
        groups.relay_local,
        sent_posts.fill_thread,
        index.file_one,
        cards.ask_for_card,
        live.tell_published,
    ],
    posts.PostEdited: [
        sent_posts.send_update,
        groups.relay_edit,
        news.tell_boosters_of_edit,
        news.tell_quoters_of_edit,
        index.file_one,
        cards.ask_for_card,
        live.tell_edited,
    ],
    posts.PostDeleted: [sent_posts.send_delete, groups.relay_delete, conversations.forget_post, live.tell_deleted],
    posts.PostBoosted: [interactions.send_announce, news.tell_boosted, live.tell_boosted],
    posts.BoostUndone: [interactions.send_undo_announce, live.tell_unboosted],
    posts.PostPinned: [actors.send_add],
    posts.PostUnpinned: [actors.send_remove],
    quotes.QuoteMade: [sent_quotes.send_request],
    quotes.QuoteAccepted: [sent_quotes.send_accept, news.tell_quoted, live.tell_quote_settled],
    quotes.QuoteRefused: [sent_quotes.send_refused, live.tell_quote_settled],
    quotes.QuoteRevoked: [sent_quotes.send_revocation, live.tell_quote_settled],
    quotes.QuotePolicyChanged: [sent_posts.send_update],
    likes.PostLiked: [interactions.send_like, groups.relay_like, news.tell_liked],
    likes.LikeUndone: [interactions.send_undo_like, groups.relay_undo_like],
    polls.VoteCast: [votes.send_votes],
    polls.PollClosed: [sent_posts.send_update, news.tell_poll_closed],
    follows.FollowAsked: [sent_follows.send_follow, news.tell_follow_request, news.tell_entry_asked],
    follows.FollowAccepted: [
        sent_follows.send_accept,
        news.tell_followed,
        news.withdraw_entry,
        profiles.ask_to_read,
    ],
    follows.FollowRefused: [sent_follows.send_reject, news.withdraw_request, news.withdraw_entry],
    follows.FollowEnded: [sent_follows.send_undo, news.withdraw_request, news.withdraw_entry],
    severances.FollowsSevered: [severances.tell_severed],
    blocks.AccountBlocked: [moderation.send_block, conversations.forget_blocked],
    blocks.AccountUnblocked: [moderation.send_undo_block],
    filters.FiltersChanged: [live.tell_filters_changed],
    communities.MemberInvited: [news.tell_invited],
    communities.MemberLetIn: [news.tell_let_in, circles.note_let_in],
    communities.MemberSentAway: [moderators.send_block, circles.note_sent_away],
    communities.MemberLetBack: [moderators.send_undo_block, circles.note_let_back],
    communities.RankChanged: [moderators.send_rank, circles.note_rank],
    communities.PlaceChanged: [moderators.send_place, circles.note_place],
    collections.AddedToCollection: [news.tell_added_to_collection],
    reports.AccountReported: [moderation.send_flag, notices.tell_moderators, notices.confirm_notice],
    reports.ReportResolved: [notices.tell_reporter],
    people.AccountWarned: [notices.tell_warned],
    appeals.AppealLodged: [notices.tell_of_appeal],
    appeals.AppealAnswered: [notices.tell_appellant],
    authorities.WebsiteGiven: [representations.ask_for_website],
    authorities.VerificationLost: [notices.tell_managers],
    claims.ClaimMade: [representations.ask_for_claim],
    claims.ClaimWaits: [notices.tell_of_claim],
    claims.ClaimAnswered: [notices.tell_claimer],
    notifications.NotificationMade: [live.tell_notified, pushes.queue],
    conversations.ConversationChanged: [live.tell_conversation],
    policies.NotificationsMerged: [conversations.catch_up, live.tell_merged],
    announcements.AnnouncementPublished: [live.tell_announced],
    announcements.AnnouncementWithdrawn: [live.tell_withdrawn],
    announcements.AnnouncementAnswered: [live.tell_answered],
}

BY_NAME = {kind.__name__: kind for kind in REACTIONS}


def react() -> None:
    """React to what was told, oldest first, in batches of one transaction each."""
    while not broker.stopping.is_set() and _react_to_batch():
        db.give_way()


def _react_to_batch() -> int:
    with db.transaction():
        db.exclusive("react")
        waiting = sa.select(facts.Told).where(facts.Told.set_aside_at.is_(None)).order_by(facts.Told.id).limit(BATCH)
        told = list(session.scalars(waiting))
        kept = _hold_subjects(told)
        for row in told:
            _react_to(row)
        del kept
        return len(told)


def _hold_subjects(told: list[facts.Told]) -> list[Any]:
    """The posts these facts speak of with their authors, read at once and held while we react."""
    identifiers = {row.values[key] for row in told for key in ("post_id", "boost_id") if key in row.values}
    if not identifiers:
        return []
    wanted = sa.select(Post).where(Post.id.in_(identifiers))
    return list(session.scalars(wanted.options(joinedload(Post.author), selectinload(Post.mentions))))


def _react_to(row: facts.Told) -> None:
    """All that follows from one fact, or nothing of it; one that keeps failing is set aside and the others go on."""
    try:
        kind = BY_NAME[row.name]
        fact = kind(**row.values)
        with session.begin_nested():
            for reaction in REACTIONS[kind]:
                reaction(fact)
            session.flush()
    except errors.NotFound:
        session.delete(row)  # whom or what it speaks of has gone meanwhile
    except Exception:
        row.tries += 1
        log.exception("reaction failed", extra={"fact": row.name, "id": row.id, "tries": row.tries})
        if row.tries >= TRIES:
            row.set_aside_at = clock.now()
    else:
        session.delete(row)
