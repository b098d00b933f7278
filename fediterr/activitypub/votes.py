"""Polls on the wire: a vote is a Note that is only a name (Mastodon's way), counts are told by an Update."""

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import known, objects, outbox, vocabulary
from fediterr.core import clock, errors
from fediterr.core.db import session
from fediterr.social import polls, posts
from fediterr.social.models import Post, Vote

COUNTS_AFTER = 5.0  # seconds: votes that come meanwhile are told together


def receive_vote(obj: vocabulary.Object, sender: Account) -> None:
    """Only the server that holds the poll counts; what looks like a vote is never a post."""
    post = posts.by_uri(obj.in_reply_to or "")
    if post is None or not post.local or post.poll is None:
        raise errors.Refused("A vote goes to the server that holds the poll.")
    places = [place for place, option in enumerate(post.poll.options) if option.strip() == obj.name]
    if not places:
        raise errors.Refused("There is no such answer.")
    polls.vote(sender, post, places[:1], uri=obj.id)


def send_votes(fact: polls.VoteCast) -> None:
    """A vote of here goes to the server that holds the poll; a poll of here soon tells its new counts."""
    voter, post = accounts.get(fact.account_id), posts.by_id(fact.post_id)
    if post is None:
        return
    if post.local:
        known.ask_for("counts", post.uri, after=COUNTS_AFTER)
    elif voter.local and post.poll:
        for vote in session.scalars(sa.select(Vote).where(Vote.id.in_(fact.vote_ids))):
            outbox.send(as_vote(vote, voter, post), voter, to=[post.author])


def send_counts(uri: str) -> None:
    """What a poll of here counts by now, for followers and voters."""
    post = posts.by_uri(uri)
    if post is not None and post.local and post.poll is not None and post.author.active:
        to, cc = objects.audience(post)
        stamp = int(clock.now().timestamp() * 1000)
        uri = f"{post.uri}#counts/{stamp}"
        document = outbox.wrap("Update", post.author, objects.as_object(post), uri=uri, to=to, cc=cc)
        others = [*objects.readers(post), *voters(post)]
        outbox.send(document, post.author, to=others, followers=objects.to_followers(post.visibility))


def as_vote(vote: Vote, voter: Account, post: Post) -> outbox.Document:
    """A Note that is only a name (Mastodon's way)."""
    assert post.poll is not None
    note = {
        "id": vote.uri,
        "type": "Note",
        "name": post.poll.options[vote.option],
        "attributedTo": voter.uri,
        "inReplyTo": post.uri,
        "to": [post.author.uri],
    }
    return outbox.wrap("Create", voter, note, uri=f"{vote.uri}/activity", to=[post.author.uri])


def voters(post: Post) -> list[Account]:
    if post.poll is None:
        return []
    chosen = sa.select(Vote.account_id).where(Vote.poll_id == post.poll.id)
    return list(session.scalars(sa.select(Account).where(Account.id.in_(chosen), ~Account.local)))
