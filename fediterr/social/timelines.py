"""Lists of posts as somebody sees them: home, public, of an account, of a hashtag, a thread.

The home timeline is a question, not a copy: unfollowing, blocking and deleting are right at once.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value

from fediterr.accounts.models import Account, Application
from fediterr.core import clock, paging, text
from fediterr.core.db import Moment, session
from fediterr.core.paging import Page, take
from fediterr.social import blocks
from fediterr.social.models import (
    CommunityPost,
    Follow,
    FollowedTag,
    List,
    ListMember,
    Medium,
    Mention,
    Pin,
    Poll,
    Post,
    PostTag,
    PreviewCard,
    Quote,
    Replies,
    Visibility,
)
from fediterr.social.visibility import heard, visible, visible_to
from fediterr.territories import kin
from fediterr.territories.models import Territory

THREAD_LIMIT = 500


def complete(posts: Sequence[Post]) -> list[Post]:
    """Load what showing these posts needs, for all of them at once: authors, what they boost or quote, mentions, files.

    One question each, whatever the number of posts. Loader options ask the same things twice (of the posts and of those
    they boost), in wider rows, and cost three times as much to prepare.
    """
    posts = list(posts)
    boosted_ids = {post.boost_of_id for post in posts if post.boost_of_id is not None}
    boosted = session.scalars(sa.select(Post).where(Post.id.in_(boosted_ids))).all() if boosted_ids else ()
    proper = {post.id: post for post in (*posts, *boosted)}
    quotes = _quotes_of(proper)
    quoted = _by_id(Post, {quote.quoted_id for quote in quotes.values()} - proper.keys())
    proper |= quoted
    quotes |= _quotes_of(quoted)
    people = _authors({post.author_id for post in proper.values()})
    shown = [post.id for post in proper.values() if post.boost_of_id is None]
    parts = {part: _parts_of(shown, part) for part in (Mention, Medium, Poll)} if shown else {}
    cards = _by_id(PreviewCard, {post.card_id for post in proper.values()})
    applications = _by_id(Application, {post.application_id for post in proper.values()})
    for post in proper.values():
        set_committed_value(post, "author", people[post.author_id])
        set_committed_value(post, "boost_of", proper.get(post.boost_of_id or 0))
        set_committed_value(post, "mentions", parts[Mention].get(post.id, []) if parts else [])
        set_committed_value(post, "media", parts[Medium].get(post.id, []) if parts else [])
        set_committed_value(post, "poll", next(iter(parts[Poll].get(post.id, [])), None) if parts else None)
        quote = quotes.get(post.id)
        set_committed_value(post, "quote", quote)
        if quote is not None and post.id not in quoted:
            set_committed_value(quote, "quoted", proper.get(quote.quoted_id or 0))
        set_committed_value(post, "card", cards.get(post.card_id or 0))
        set_committed_value(post, "application", applications.get(post.application_id or 0))
    return posts


def _quotes_of(posts: dict[int, Post]) -> dict[int, Quote]:
    """What posts quote, by the id of the post; nothing is asked when none says so."""
    named = [post.id for post in posts.values() if post.quote_uri is not None]
    wanted = sa.select(Quote).where(Quote.post_id.in_(named))
    return {quote.post_id: quote for quote in session.scalars(wanted)} if named else {}


def _authors(identifiers: set[int]) -> dict[int, Account]:
    """Read anew even when known: what was counted in the database meanwhile is not in memory."""
    wanted = sa.select(Account).where(Account.id.in_(identifiers)).execution_options(populate_existing=True)
    return {account.id: account for account in session.scalars(wanted)} if identifiers else {}


def _by_id(kind: Any, identifiers: set[int | None]) -> dict[int, Any]:
    named = identifiers - {None}
    return {each.id: each for each in session.scalars(sa.select(kind).where(kind.id.in_(named)))} if named else {}


_ORDER: dict[Any, tuple[Any, ...]] = {
    Mention: (Mention.account_id,),
    Medium: (Medium.position, Medium.id),
    Poll: (Poll.id,),
}


def _parts_of(identifiers: list[int], part: Any) -> dict[int, list[Any]]:
    """The mentions, files or polls of posts, by the id of the post."""
    found: dict[int, list[Any]] = {}
    for each in session.scalars(sa.select(part).where(part.post_id.in_(identifiers)).order_by(*_ORDER[part])):
        found.setdefault(each.post_id, []).append(each)
    return found


def _page(wanted: sa.Select[Any], page: Page) -> list[Post]:
    """The posts of a page: first their ids alone, because a database sorts narrow rows, and posts are wide."""
    return load(take(wanted, Post.id, page))


def load(identifiers: Sequence[int]) -> list[Post]:
    """These posts with all that shows them, in this order; whether they may be seen was asked before."""
    found = {post.id: post for post in session.scalars(sa.select(Post).where(Post.id.in_(identifiers)))}
    return complete([found[identifier] for identifier in identifiers if identifier in found])


_boosted = aliased(Post)


def _posts(viewer: Account | None) -> sa.Select[Any]:
    """Ids of posts that the viewer may see and wants to."""
    if viewer is None:
        return sa.select(Post.id).where(visible(None))
    return _posts_for(viewer.id, clock.now())


def _posts_for(viewer_id: Any, now: Any) -> sa.Select[Any]:
    away = blocks.kept_away_from(viewer_id, now)
    # Not EXISTS: PostgreSQL may answer that for all posts at once before it looks at one.
    boosted_author = sa.select(_boosted.author_id).where(_boosted.id == Post.boost_of_id).scalar_subquery()
    return sa.select(Post.id).where(
        visible_to(viewer_id),
        Post.author_id.not_in(away),
        sa.or_(Post.boost_of_id.is_(None), boosted_author.not_in(away)),
    )


def home(viewer: Account, page: Page) -> list[Post]:
    """Posts of those one follows and one's own, without answers to strangers; public posts with followed hashtags."""
    values = {"viewer": viewer.id, "now": clock.now(), **paging.values(page)}
    identifiers = session.scalars(_home(paging.frame(page)), values).all()
    return load(sorted(identifiers, reverse=True))


_viewer, _now = sa.bindparam("viewer", type_=Post.id.type), sa.bindparam("now", type_=Moment())


@cache
def _home(frame: paging.Frame) -> sa.Select[Any]:
    """The question of `home`, made once: writing it down takes longer than the database needs to answer.

    Posts with followed hashtags are looked for within the page that the others make, not in all of time.
    """
    mine = _posts_for(_viewer, _now).where(*_from_people())
    people = paging.framed(mine, Post.id, frame).cte("people")
    edge = sa.func.max(people.c.id) if frame.ascending else sa.func.min(people.c.id)
    last = sa.select(edge).having(sa.func.count() == paging.LIMIT).scalar_subquery()
    with_tags = _posts_for(_viewer, _now).where(*_from_tags(last, ascending=frame.ascending))
    tagged_ = paging.framed(with_tags, Post.id, frame).subquery("tagged")
    both = sa.union(sa.select(people.c.id), sa.select(tagged_.c.id)).subquery("both")
    order = both.c.id.asc() if frame.ascending else both.c.id.desc()
    return sa.select(both.c.id).order_by(order).limit(paging.LIMIT)


def _from_people() -> tuple[sa.ColumnElement[bool], ...]:
    """Whose posts, and which of them, come home because of whom one follows."""
    followed = sa.select(Follow.target_id).where(Follow.follower_id == _viewer, Follow.accepted)
    authors = sa.union_all(followed, sa.select(_viewer)).subquery()
    known, answered = sa.select(authors.c[0]), Post.in_reply_to_account_id
    return (
        Post.author_id.in_(known),
        sa.or_(answered.is_(None), answered.in_(known), Post.author_id == _viewer),
        Post.author_id.not_in(_read_apart(_viewer)),
        *_as_followed(_viewer),
    )


def _as_followed(viewer: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """Without boosts and languages that the viewer does not want of somebody."""
    follow = sa.select(Follow.target_id).where(Follow.follower_id == viewer, Follow.accepted)
    named = sa.cast(Follow.languages, sa.Text).contains('"' + Post.language + '"')
    wanted = sa.exists().where(Follow.follower_id == viewer, Follow.target_id == Post.author_id, named)
    return (
        sa.or_(Post.boost_of_id.is_(None), Post.author_id.not_in(follow.where(~Follow.boosts))),
        sa.or_(Post.language.is_(None), Post.author_id.not_in(follow.where(Follow.languages.is_not(None))), wanted),
    )


def _read_apart(viewer: Any) -> sa.Select[Any]:
    """Who is on a list of the viewer that keeps its members out of the home timeline."""
    apart = sa.select(ListMember.account_id).join(List, List.id == ListMember.list_id)
    return apart.where(List.account_id == viewer, List.exclusive, ListMember.account_id != viewer)


def _from_tags(last: Any, *, ascending: bool) -> tuple[sa.ColumnElement[bool], ...]:
    """Which public posts come home because of the hashtags one follows; `last`: where the page ends already."""
    followed = sa.select(FollowedTag.folded).where(FollowedTag.account_id == _viewer)
    within = (
        PostTag.post_id <= sa.func.coalesce(last, 2**63 - 1)
        if ascending
        else PostTag.post_id >= sa.func.coalesce(last, 0)
    )
    return (
        Post.id.in_(sa.select(PostTag.post_id).where(PostTag.tag.in_(followed), within)),
        Post.visibility == Visibility.PUBLIC,
        Post.author_id != _viewer,
        Post.author_id.not_in(_read_apart(_viewer)),
        Post.author_id.not_in(_silenced()),
    )


def of_list(wanted: List, viewer: Account, page: Page) -> list[Post]:
    """Posts of those on a list of the viewer, with the answers that the list shows."""
    on = sa.select(ListMember.account_id).where(ListMember.list_id == wanted.id)
    answered = Post.in_reply_to_account_id
    shown = [answered.is_(None), answered == Post.author_id, answered == viewer.id]
    if wanted.replies == Replies.LIST:
        shown.append(answered.in_(on))
    if wanted.replies == Replies.FOLLOWED:
        shown.append(answered.in_(sa.select(Follow.target_id).where(Follow.follower_id == viewer.id, Follow.accepted)))
    statement = _posts(viewer).where(Post.author_id.in_(on), sa.or_(*shown), *_as_followed(viewer.id))
    return _page(statement, page)


def _silenced() -> Any:
    return sa.select(Account.id).where(Account.silenced_at.is_not(None))


def public(
    viewer: Account | None,
    page: Page,
    *,
    local: bool = False,
    remote: bool = False,
    media: bool = False,
    languages: Collection[str] = (),
) -> list[Post]:
    """Public posts that answer nobody else, of this server or of all that it knows; in these languages, or in any."""
    statement = _said_in_public(viewer).where(*_in_languages(languages))
    if local != remote:
        statement = statement.where(Post.local.is_(local))
    if media:
        statement = statement.where(_has_media())
    return _page(statement, page)


def _said_in_public(viewer: Account | None) -> sa.Select[Any]:
    return _own_words(viewer).where(Post.visibility == Visibility.PUBLIC, Post.boost_of_id.is_(None))


def _own_words(viewer: Account | None) -> sa.Select[Any]:
    return _posts(viewer).where(
        sa.or_(Post.in_reply_to_uri.is_(None), Post.in_reply_to_account_id == Post.author_id),
        heard(viewer, Post.author_id),
    )


def said_by(authors: Collection[int], viewer: Account | None, page: Page) -> list[Post]:
    """What these accounts say in public, without answers to others."""
    if not authors:
        return []
    # In functions, whose index there is none: SQLite would take that of visibility, or of what is relayed, and walk
    # through all public posts to find those of authors who write little.
    public = sa.func.coalesce(Post.visibility, "") == Visibility.PUBLIC
    plain = sa.func.coalesce(Post.boost_of_id, 0) == 0
    return _page(_own_words(viewer).where(Post.author_id.in_(authors), public, plain), page)


def of_twins(territory: Territory, viewer: Account, page: Page) -> list[Post]:
    """What comparable territories say in public, and those who work there.

    Of accounts that only say that they are such a territory, those are heard that the viewer follows.
    """
    verified, others = kin.voices_like(territory)
    followed = sa.select(Follow.target_id).where(Follow.follower_id == viewer.id, Follow.target_id.in_(others))
    authorities = verified | (set(session.scalars(followed.where(Follow.accepted))) if others else set())
    return said_by(authorities | kin.agents_of(authorities), viewer, page)


def _in_languages(languages: Collection[str]) -> list[sa.ColumnElement[bool]]:
    """A post that does not say its language is shown to all."""
    if not languages:
        return []
    kinds = (Post.language.startswith(f"{each}-", autoescape=True) for each in languages)
    return [sa.or_(Post.language.is_(None), Post.language.in_(languages), *kinds)]


def of_account(
    account: Account,
    viewer: Account | None,
    page: Page,
    *,
    boosts: bool = True,
    replies: bool = True,
    pinned: bool = False,
    media: bool = False,
    tag: str | None = None,
    direct: bool = True,
    unlisted: bool = True,
) -> list[Post]:
    """What an account published, as far as the viewer may see it."""
    statement = _posts_even_if_muted(viewer).where(Post.author_id == account.id)
    if not unlisted:
        statement = statement.where(Post.visibility == Visibility.PUBLIC)
    if not direct:
        statement = statement.where(Post.visibility != Visibility.DIRECT)
    if not boosts:
        statement = statement.where(Post.boost_of_id.is_(None))
    if not replies:
        statement = statement.where(sa.or_(Post.in_reply_to_uri.is_(None), Post.in_reply_to_account_id == account.id))
    if pinned:
        statement = statement.join(Pin, Pin.post_id == Post.id)
    if media:
        statement = statement.where(_has_media())
    if tag:
        statement = statement.join(PostTag, PostTag.post_id == Post.id).where(PostTag.tag == text.fold_tag(tag))
    return _page(statement, page)


def of_community(group: Account, viewer: Account | None, page: Page, *, replies: bool) -> list[Post]:
    """What was written in a community and not removed: what begins threads, or the answers, too."""
    there = sa.and_(CommunityPost.community_id == group.id, CommunityPost.removed_at.is_(None))
    statement = _posts(viewer).join(CommunityPost, CommunityPost.post_id == Post.id).where(there)
    if not replies:
        statement = statement.where(Post.in_reply_to_uri.is_(None))
    return _page(statement, page)


def _has_media() -> sa.ColumnElement[bool]:
    return sa.exists().where(Medium.post_id == Post.id)


def _posts_even_if_muted(viewer: Account | None) -> sa.Select[Any]:
    return sa.select(Post.id).where(visible(viewer))


def tagged(
    tag: str,
    viewer: Account | None,
    page: Page,
    *,
    others: Collection[str] = (),
    all_of: Collection[str] = (),
    none_of: Collection[str] = (),
    local: bool = False,
    remote: bool = False,
    media: bool = False,
    languages: Collection[str] = (),
) -> list[Post]:
    """Public posts with a hashtag or one of the `others`, and with `all_of` those, and with `none_of` these."""
    wanted = [heard(viewer, Post.author_id), _has_tag([tag, *others]), *(_has_tag([each]) for each in all_of)]
    wanted += _in_languages(languages)
    if none_of:
        wanted.append(~_has_tag(none_of))
    if local != remote:
        wanted.append(Post.local.is_(local))
    if media:
        wanted.append(_has_media())
    return _page(_posts(viewer).where(Post.visibility == Visibility.PUBLIC, *wanted), page)


def _has_tag(tags: Collection[str]) -> sa.ColumnElement[bool]:
    folded = {text.fold_tag(tag) for tag in tags}
    return Post.id.in_(sa.select(PostTag.post_id).where(PostTag.tag.in_(folded)))


def linking(card: PreviewCard, viewer: Account | None, page: Page) -> list[Post]:
    """Public posts that link to a page, by people who wish to be discovered."""
    open_ = sa.select(Account.id).where(Account.discoverable, Account.silenced_at.is_(None))
    wanted = (Post.card_id == card.id, Post.visibility == Visibility.PUBLIC, Post.author_id.in_(open_))
    return _page(_posts(viewer).where(*wanted), page)


def thread(post: Post, viewer: Account | None) -> tuple[list[Post], list[Post]]:
    """What a post answers, oldest first, and the answers below it in reading order; each as far as visible.

    What the viewer may not see is left out, what is beyond it is not.
    """
    above = (
        [identifier for identifier, _ in _walk(Post.id == post.in_reply_to_id, up=True)] if post.in_reply_to_id else []
    )
    below = _in_reading_order(post.id, _walk(Post.in_reply_to_id == post.id, up=False))
    seen = set(session.scalars(_posts(viewer).where(Post.id.in_([*above, *below]))))
    shown = load([each for each in (*reversed(above), *below) if each in seen])
    middle = sum(each in seen for each in above)
    return shown[:middle], shown[middle:]


def _walk(start: sa.ColumnElement[bool], *, up: bool) -> list[tuple[int, int | None]]:
    """Posts with what each answers, from some posts up to the first of the thread, or down to the last."""
    found = sa.select(Post.id, Post.in_reply_to_id).where(start).cte("found", recursive=True)
    link = Post.id == found.c.in_reply_to_id if up else Post.in_reply_to_id == found.c.id
    found = found.union(sa.select(Post.id, Post.in_reply_to_id).join(found, link))
    rows = session.execute(sa.select(found.c.id, found.c.in_reply_to_id).limit(THREAD_LIMIT))
    return [(identifier, answered) for identifier, answered in rows]


def _in_reading_order(first: int, walked: list[tuple[int, int | None]]) -> list[int]:
    answers: dict[int | None, list[int]] = {}
    for identifier, answered in sorted(walked):
        answers.setdefault(answered, []).append(identifier)
    ordered: list[int] = []
    waiting = answers.pop(first, [])[::-1]
    while waiting:
        identifier = waiting.pop()
        ordered.append(identifier)
        waiting.extend(answers.pop(identifier, [])[::-1])
    return ordered


def as_moderators_see(identifiers: list[int]) -> list[Post]:
    """These posts with all that shows them, whoever they were for."""
    return load(identifiers)


def whole(identifiers: list[int], viewer: Account | None) -> list[Post]:
    """These posts with all that shows them, in the order asked for, without those the viewer may not see."""
    seen = set(session.scalars(sa.select(Post.id).where(Post.id.in_(identifiers), visible(viewer))))
    return load([identifier for identifier in identifiers if identifier in seen])


def near(author_id: int, tags: Iterable[str] = ()) -> set[int]:
    """Who of here may find at home what this author publishes with these hashtags: all whom `home` shows it, and more.

    A quick question for everybody at once, which spares most of them the exact one; who widens `home` widens this.
    """
    followers = sa.select(Follow.follower_id).join(Account, Account.id == Follow.follower_id)
    found = set(session.scalars(followers.where(Follow.target_id == author_id, Follow.accepted, Account.local)))
    folded = [text.fold_tag(tag) for tag in tags]
    if folded:
        found.update(session.scalars(sa.select(FollowedTag.account_id).where(FollowedTag.folded.in_(folded))))
    return found | {author_id}
