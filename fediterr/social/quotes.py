"""Quotes: a post shows another one if the author of the other agrees (FEP-044f); asked, granted, refused, revoked.

What an author agrees to is said by each post beforehand, as two lists: whose quotes are accepted at once ("automatic"),
and whose are looked at first ("manual"). People here choose between all, followers and nobody, always automatic.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from fediterr.accounts import preferences
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import errors, facts, ids, paging, site
from fediterr.core.db import session
from fediterr.social import follows, visibility
from fediterr.social.drafts import Draft
from fediterr.social.models import Post, Quote, Visibility

Policy = Mapping[str, list[str]]

PUBLIC, FOLLOWERS, FOLLOWING = "public", "followers", "following"
OTHER = "unsupported_policy"  # people whom we do not know to be any of these
POLICIES: dict[str, dict[str, list[str]]] = {
    "public": {"automatic": [PUBLIC], "manual": []},
    "followers": {"automatic": [FOLLOWERS], "manual": []},
    "nobody": {"automatic": [], "manual": []},
}


class State(StrEnum):
    """What became of a quote; the words are those of the Mastodon API."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVOKED = "revoked"


class Stance(StrEnum):
    """What awaits somebody who quotes a post; the words are those of the Mastodon API."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    UNKNOWN = "unknown"
    DENIED = "denied"


@dataclass(frozen=True)
class QuoteMade(facts.Fact):
    """A post quotes another one, and whether it may is not settled."""

    quote_id: int


@dataclass(frozen=True)
class QuoteAccepted(facts.Fact):
    quote_id: int


@dataclass(frozen=True)
class QuoteRefused(facts.Fact):
    quote_id: int


@dataclass(frozen=True)
class QuoteRevoked(facts.Fact):
    quote_id: int


@dataclass(frozen=True)
class QuotePolicyChanged(facts.Fact):
    post_id: int


# --- finding -------------------------------------------------------------------------------------------------------


def get(identifier: int) -> Quote:
    quote = session.get(Quote, identifier)
    if quote is None:
        raise errors.NotFound("There is no such quote.")
    return quote


def of(post: Post) -> Quote | None:
    return session.scalar(sa.select(Quote).where(Quote.post_id == post.id))


def by_request(uri: str) -> Quote | None:
    return session.scalar(sa.select(Quote).where(Quote.request_uri == uri))


def by_authorization(uri: str) -> list[Quote]:
    return list(session.scalars(sa.select(Quote).where(Quote.authorization_uri == uri)))


def quoting(post: Post, viewer: Account, page: paging.Page) -> list[int]:
    """Ids of the posts that quote this one and that the viewer may see, newest first."""
    listed = sa.select(Quote.post_id).join(Post, Post.id == Quote.post_id).where(Quote.quoted_id == post.id)
    listed = listed.where(Quote.state == State.ACCEPTED, visibility.visible(viewer))
    return paging.take(listed, Quote.post_id, page)


def authors_quoting(post: Post) -> list[Account]:
    """Who shows this post in one of theirs."""
    quoted_by = sa.select(Post.author_id).join(Quote, Quote.post_id == Post.id)
    quoted_by = quoted_by.where(Quote.quoted_id == post.id, Quote.state == State.ACCEPTED)
    return list(session.scalars(sa.select(Account).where(Account.id.in_(quoted_by))))


# --- who may -------------------------------------------------------------------------------------------------------


def named(name: str) -> Policy:
    """One of the policies that people here choose from. Raises Invalid."""
    if name not in POLICIES:
        raise errors.Invalid("There is no such policy for quotes.")
    return POLICIES[name]


def name_of(policy: Policy | None) -> str | None:
    """The name of a policy of here."""
    return next((name for name, each in POLICIES.items() if each == policy), None)


def policy_for(author: Account, draft: Draft) -> Policy | None:
    """What a new post says of who may quote it; of what is not open to all, nobody."""
    if not author.local:
        return draft.quote_policy
    if draft.visibility not in (Visibility.PUBLIC, Visibility.UNLISTED):
        return POLICIES["nobody"]
    return draft.quote_policy or named(preferences.of(accounts.user_of(author)).quote_policy)


UNQUOTED = (Visibility.DIRECT, Visibility.COMMUNITY)


def stance(post: Post, account_id: int | None, *, follows: bool, followed: bool) -> Stance:
    """What awaits an account that quotes this post; it follows the author, or is followed by them."""
    if account_id is None or post.boost_of_id is not None or post.visibility in UNQUOTED:
        return Stance.DENIED
    if post.author_id == account_id:
        return Stance.AUTOMATIC
    if not post.is_public or post.quote_policy is None:
        return Stance.DENIED
    held = {PUBLIC} | ({FOLLOWERS} if follows else set()) | ({FOLLOWING} if followed else set())
    for answer in (Stance.AUTOMATIC, Stance.MANUAL):
        if held.intersection(post.quote_policy.get(answer, ())):
            return answer
    others = any(OTHER in listed for listed in post.quote_policy.values())
    return Stance.UNKNOWN if others else Stance.DENIED


def depends_on_follows(post: Post) -> bool:
    """Whether who follows whom decides on quotes of this post."""
    return any({FOLLOWERS, FOLLOWING}.intersection(listed) for listed in (post.quote_policy or {}).values())


def stance_of(account: Account, post: Post) -> Stance:
    """The same, looked up; of a post that the account may not see, denied."""
    if not visibility.can_see(account, post):
        return Stance.DENIED
    follow, followed = follows.find(account, post.author), follows.find(post.author, account)
    return stance(
        post, account.id,
        follows=follow is not None and follow.accepted, followed=followed is not None and followed.accepted,
    )  # fmt: skip


def require_quotable(author: Account, quoted: Post) -> None:
    """Raises NotFound, also when it is there and may not be quoted."""
    if stance_of(author, quoted) is Stance.DENIED:
        raise errors.NotFound("There is no such post to quote.")


# --- making --------------------------------------------------------------------------------------------------------


def attach(post: Post, draft: Draft) -> None:
    """Let a new post quote another one, as far as that can be settled here and now."""
    quoted = draft.quoted or session.scalar(sa.select(Post).where(Post.uri == (draft.quote_uri or "")))
    if quoted is not None and quoted.boost_of_id is not None:
        quoted = None
    quote = Quote(id=ids.new(), post_id=post.id, quoted_id=quoted.id if quoted else None, state=State.PENDING)
    session.add(quote)
    session.flush()
    session.expire(post, ["quote"])
    if quoted is not None and quoted.author_id == post.author_id:
        accept(quote, None)  # nobody asks themselves
    elif quoted is not None and quoted.local and post.local:
        accept(quote, site.authorization_uri(quote.id))
    else:
        if post.local:
            quote.request_uri = f"{post.uri}#quote-request"
        elif quoted is None or not quoted.local:
            quote.authorization_uri = draft.quote_authorization
        facts.tell(QuoteMade(quote.id))


def accept(quote: Quote, authorization_uri: str | None) -> None:
    """The author of what is quoted agrees; the authorization says so to everybody else."""
    if quote.state != State.ACCEPTED:
        quote.state = State.ACCEPTED
        _count(quote, +1)
        session.flush()
        facts.tell(QuoteAccepted(quote.id))
    quote.authorization_uri = authorization_uri


def refuse(quote: Quote) -> None:
    """The author of what is quoted does not agree, or no longer."""
    if quote.state == State.ACCEPTED:
        revoke(quote)
    elif quote.state == State.PENDING:
        quote.state = State.REJECTED
        session.flush()
        facts.tell(QuoteRefused(quote.id))


def revoke(quote: Quote) -> None:
    """The author of what is quoted takes back that they agreed."""
    if quote.state == State.ACCEPTED:
        _count(quote, -1)
    quote.state = State.REVOKED
    session.flush()
    facts.tell(QuoteRevoked(quote.id))


def revise(post: Post, draft: Draft) -> None:
    """Take over what a post of elsewhere says of its quote now; those of here say the same for ever."""
    if post.local:
        return
    quote = of(post)
    if draft.quote_uri != post.quote_uri:
        if quote is not None:
            forget(post)
            session.delete(quote)
            session.flush()
        post.quote_uri = draft.quote_uri
        if draft.quote_uri:
            attach(post, draft)
    elif quote is not None and draft.quote_authorization != quote.authorization_uri and not _settled(quote):
        if quote.state == State.ACCEPTED:
            _count(quote, -1)
        quote.state, quote.authorization_uri = State.PENDING, draft.quote_authorization
        session.flush()
        facts.tell(QuoteMade(quote.id))


def _settled(quote: Quote) -> bool:
    """Whether what their server says makes no difference: the author decides here, or quotes themselves."""
    quoted = quote.quoted
    return quoted is not None and (quoted.local or quoted.author_id == quote.post.author_id)


def let(post: Post, policy: Policy) -> None:
    """Say anew who may quote a post."""
    if change_policy(post, policy):
        facts.tell(QuotePolicyChanged(post.id))


def change_policy(post: Post, policy: Policy | None) -> bool:
    """Let others quote a post from now on, or no longer; whether that is new. What is quoted already stays so."""
    if policy is None or (post.local and not post.is_public) or policy == post.quote_policy:
        return False
    post.quote_policy = dict(policy)
    return True


def forget(post: Post) -> None:
    """A post goes, or quotes no longer: it does not count any more."""
    quote = of(post)
    if quote is not None and quote.state == State.ACCEPTED:
        _count(quote, -1)


def _count(quote: Quote, by: int) -> None:
    counted = sa.update(Post).where(Post.id == quote.quoted_id).values(quotes_count=Post.quotes_count + by)
    session.execute(counted)
