"""Ask a question with answers to choose from, vote, count, close."""

from dataclasses import dataclass

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, facts, ids, site
from fediterr.core.db import insert_once, session
from fediterr.social import visibility
from fediterr.social.drafts import PollDraft
from fediterr.social.models import Poll, Post, Vote


@dataclass(frozen=True)
class VoteCast(facts.Fact):
    account_id: int
    post_id: int
    vote_ids: list[int]


@dataclass(frozen=True)
class PollClosed(facts.Fact):
    post_id: int


def get(identifier: int) -> Poll:
    poll = session.get(Poll, identifier)
    if poll is None:
        raise errors.NotFound("There is no such poll.")
    return poll


def open_for(post: Post, draft: PollDraft) -> Poll:
    if post.local:
        require_sane(draft)
    poll = Poll(
        post_id=post.id,
        options=list(draft.options),
        counts=list(draft.counts or [0] * len(draft.options)),
        multiple=draft.multiple,
        hide_totals=draft.hide_totals,
        voters_count=draft.voters_count,
        ends_at=draft.ends_at,
        closed_at=draft.closed_at,
    )
    session.add(poll)
    return poll


def require_sane(draft: PollDraft) -> None:
    """Raises Invalid when a poll of here asks nothing that could be answered."""
    most = site.settings().limits_poll_options_local
    if len(draft.options) < 2:
        raise errors.Invalid("A poll has two answers at least.")
    if len(draft.options) > most:
        raise errors.Invalid(f"A poll has at most {most} answers.")
    if len(set(draft.options)) != len(draft.options) or not all(option.strip() for option in draft.options):
        raise errors.Invalid("The answers of a poll are different from each other and not empty.")
    if draft.ends_at is None or draft.ends_at <= clock.now():
        raise errors.Invalid("A poll ends some time in the future.")


def is_same(poll: Poll | None, draft: PollDraft | None) -> bool:
    """Whether both ask the same in the same way."""
    if poll is None or draft is None:
        return poll is None and draft is None
    asked = (list(draft.options), draft.multiple, draft.hide_totals, draft.ends_at)
    return asked == (poll.options, poll.multiple, poll.hide_totals, poll.ends_at)


def revise(poll: Poll, draft: PollDraft) -> None:
    """Take over counts and end from the server that holds the poll; other answers make old votes void."""
    if list(draft.options) != poll.options or draft.multiple != poll.multiple:
        session.execute(sa.delete(Vote).where(Vote.poll_id == poll.id))
        poll.options = list(draft.options)
        poll.counts = [0] * len(draft.options)
        poll.voters_count = 0
    if draft.counts is not None:
        poll.counts = list(draft.counts)
        poll.voters_count = max(draft.voters_count, max(draft.counts, default=0))
    poll.multiple, poll.ends_at, poll.closed_at = draft.multiple, draft.ends_at, draft.closed_at
    poll.hide_totals = draft.hide_totals


def is_over(poll: Poll) -> bool:
    return poll.closed_at is not None or (poll.ends_at is not None and poll.ends_at <= clock.now())


def shown_counts(poll: Poll) -> list[int] | None:
    """The votes of each answer; None while its author wants nobody to see them."""
    return None if poll.hide_totals and not is_over(poll) else list(poll.counts)


def vote(account: Account, post: Post, choices: list[int], *, uri: str | None = None) -> None:
    """Vote for one or several answers (by their place, from 0), once each."""
    poll = post.poll
    if poll is None or not visibility.can_see(account, post):
        raise errors.NotFound("There is no such poll.")
    if is_over(poll):
        raise errors.Invalid("This poll is over.")
    if post.author_id == account.id:
        raise errors.Invalid("Nobody votes in their own poll.")
    if not choices or any(not 0 <= choice < len(poll.options) for choice in choices):
        raise errors.Invalid("There is no such answer.")
    before = votes_of(account, poll)
    too_many = not poll.multiple and (len(set(choices)) > 1 or before)
    again = account.local and any(choice in before for choice in choices)  # other servers may say it twice
    if too_many or again:
        raise errors.Invalid("This poll takes one answer from each, once.")
    made = []
    for choice in sorted(set(choices)):
        identifier = ids.new()
        row: dict[str, object] = {"id": identifier, "poll_id": poll.id, "account_id": account.id, "option": choice}
        row["uri"] = uri or site.activity_uri(identifier)
        if insert_once(Vote, row):
            made.append(identifier)
            poll.counts = [count + (place == choice) for place, count in enumerate(poll.counts)]
    if made:
        poll.voters_count += not before
        session.flush()
        facts.tell(VoteCast(account.id, post.id, made))


def votes_of(account: Account, poll: Poll) -> list[int]:
    """The places of the answers an account has chosen."""
    chosen = sa.select(Vote.option).where(Vote.poll_id == poll.id, Vote.account_id == account.id)
    return list(session.scalars(chosen.order_by(Vote.id)))


def votes_among(account: Account, poll_ids: list[int]) -> dict[int, list[int]]:
    """The places of the answers an account has chosen in each of these polls, for a whole page at once."""
    wanted = sa.select(Vote.poll_id, Vote.option).where(Vote.poll_id.in_(poll_ids), Vote.account_id == account.id)
    chosen: dict[int, list[int]] = {}
    for poll_id, option in session.execute(wanted.order_by(Vote.id)):
        chosen.setdefault(poll_id, []).append(option)
    return chosen


def close_ended() -> None:
    """Close the polls whose time is over, so that voters and author hear of it once."""
    over = sa.select(Poll).where(Poll.closed_at.is_(None), Poll.ends_at <= clock.now()).limit(100)
    for poll in session.scalars(over):
        poll.closed_at = poll.ends_at
        facts.tell(PollClosed(poll.post_id))
