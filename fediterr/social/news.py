"""What people of here are told when something happens: one function per fact."""

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.core import site
from fediterr.core.db import session
from fediterr.social import collections, communities, follows, likes, membership, polls, posts, quotes, visibility
from fediterr.social.models import Collection, Follow, Post, Quote, Standing, Vote
from fediterr.social.notifications import notify, withdraw


def tell_mentioned(fact: posts.PostPublished) -> None:
    """Whoever is named or addressed by a new post."""
    post = posts.by_id(fact.post_id)
    if post is None or not fact.fresh:
        return
    for mention in post.mentions[: site.settings().limits_mentions_notified]:
        if mention.account.local and visibility.can_see(mention.account, post):
            notify(mention.account, "mention", post.author, post)


def tell_watchers(fact: posts.PostPublished) -> None:
    """Followers who asked to hear of each post."""
    post = posts.by_id(fact.post_id)
    if post is None or not fact.fresh or post.in_reply_to_uri:
        return
    asked = sa.select(Account).join(Follow, Follow.follower_id == Account.id)
    for watcher in session.scalars(
        asked.where(Follow.target_id == post.author_id, Follow.accepted, Follow.notify, Account.local)
    ):
        if visibility.can_see(watcher, post):
            notify(watcher, "status", post.author, post)


def tell_boosters_of_edit(fact: posts.PostEdited) -> None:
    post = posts.by_id(fact.post_id)
    if post is None:
        return
    boosters = sa.select(Account).join(Post, Post.author_id == Account.id)
    for booster in session.scalars(boosters.where(Post.boost_of_id == post.id, Account.local)):
        subject = f"{post.id}/{post.edited_at.isoformat() if post.edited_at else ''}"
        notify(booster, "update", post.author, post, subject)


def tell_quoted(fact: quotes.QuoteAccepted) -> None:
    quote = quotes.get(fact.quote_id)
    if quote.quoted is not None and visibility.can_see(quote.quoted.author, quote.post):
        notify(quote.quoted.author, "quote", quote.post.author, quote.post)


def tell_quoters_of_edit(fact: posts.PostEdited) -> None:
    """Whoever shows a post in one of theirs, when it reads otherwise now; they are told of their own post."""
    post = posts.by_id(fact.post_id)
    if post is None:
        return
    quoting = sa.select(Post).join(Quote, Quote.post_id == Post.id).where(Quote.quoted_id == post.id, Post.local)
    for shown in session.scalars(quoting.where(Quote.state == quotes.State.ACCEPTED)):
        subject = f"{shown.id}/{post.edited_at.isoformat() if post.edited_at else ''}"
        notify(shown.author, "quoted_update", post.author, shown, subject)


def tell_boosted(fact: posts.PostBoosted) -> None:
    boost = posts.by_id(fact.boost_id)
    if boost is not None and boost.boost_of is not None:
        notify(boost.boost_of.author, "reblog", boost.author, boost.boost_of)


def tell_liked(fact: likes.PostLiked) -> None:
    post = posts.by_id(fact.post_id)
    if post is not None:
        notify(post.author, "favourite", accounts.get(fact.account_id), post)


def tell_poll_closed(fact: polls.PollClosed) -> None:
    """The author and whoever voted here."""
    post = posts.by_id(fact.post_id)
    if post is None or post.poll is None:
        return
    voters = sa.select(Account).join(Vote, Vote.account_id == Account.id).where(Vote.poll_id == post.poll.id)
    notify(post.author, "poll", post.author, post)
    for voter in session.scalars(voters.where(Account.local)).unique():
        notify(voter, "poll", post.author, post)


def tell_follow_request(fact: follows.FollowAsked) -> None:
    follower, target = accounts.get(fact.follower_id), accounts.get(fact.target_id)
    follow = follows.find(follower, target)
    if follow is not None and not follow.accepted:
        notify(target, "follow_request", follower)


def tell_followed(fact: follows.FollowAccepted) -> None:
    follower, target = accounts.get(fact.follower_id), accounts.get(fact.target_id)
    if target.local:
        withdraw(target.id, "follow_request", follower.id)
        notify(target, "follow", follower)


def withdraw_request(fact: follows.FollowEnded | follows.FollowRefused) -> None:
    for kind in ("follow_request", "follow"):
        withdraw(fact.target_id, kind, fact.follower_id)


def tell_added_to_collection(fact: collections.AddedToCollection) -> None:
    found = session.get(Collection, fact.collection_id)
    if found is not None:
        owner, member = accounts.get(found.account_id), accounts.get(fact.account_id)
        notify(member, "added_to_collection", owner, subject=str(found.id))


def tell_entry_asked(fact: follows.FollowAsked) -> None:
    """The moderators of a community of here, when somebody waits to be let in."""
    follower, group = accounts.get(fact.follower_id), accounts.get(fact.target_id)
    if group.kind == Kind.GROUP and membership.standing(follower, group) == Standing.ASKED:
        for moderator in communities.moderators(group):
            notify(moderator.account, "community.asked", follower, subject=str(group.id))


def withdraw_entry(fact: follows.FollowAccepted | follows.FollowEnded | follows.FollowRefused) -> None:
    """Nobody waits any more."""
    group = accounts.get(fact.target_id)
    if group.kind == Kind.GROUP and group.local:
        for moderator in communities.moderators(group):
            withdraw(moderator.account_id, "community.asked", fact.follower_id, str(group.id))
        withdraw(fact.follower_id, "community.invited", group.id)


def tell_invited(fact: communities.MemberInvited) -> None:
    notify(accounts.get(fact.account_id), "community.invited", accounts.get(fact.community_id))


def tell_let_in(fact: communities.MemberLetIn) -> None:
    notify(accounts.get(fact.account_id), "community.let_in", accounts.get(fact.community_id))


def follow_the_moved(fact: accounts.AccountMoved) -> None:
    """Followers of here go where the account lives now."""
    follows.move_followers(accounts.get(fact.account_id), accounts.get(fact.target_id))
