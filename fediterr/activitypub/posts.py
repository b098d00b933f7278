"""Posts on the wire: notes and all other objects, Create, Update, Delete."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import known, outbox, proofs, vocabulary
from fediterr.core import clock, errors, site, text
from fediterr.core.db import session
from fediterr.social import blocks, media, polls, posts, visibility
from fediterr.social.drafts import Draft, MediumDraft, PollDraft
from fediterr.social.models import Medium, Post, Visibility, Vote

Document = dict[str, Any]
BOOSTERS_TOLD = 20  # whose followers hear of the end of what they were shown
COUNTS_AFTER = 5.0  # seconds: votes that come meanwhile are told together


# --- to the wire ---------------------------------------------------------------------------------------------------


def audience(post: Post) -> tuple[list[str], list[str]]:
    """`to` and `cc` of a post of here."""
    followers = post.author.followers_uri or ""
    mentioned = [mention.account.uri for mention in post.mentions]
    match post.visibility:
        case Visibility.PUBLIC:
            return [vocabulary.PUBLIC], [followers, *mentioned]
        case Visibility.UNLISTED:
            return [followers], [vocabulary.PUBLIC, *mentioned]
        case Visibility.FOLLOWERS:
            return [followers], mentioned
        case _:
            return mentioned, []


def as_object(post: Post) -> Document:
    """A post of here as a Note (or Question, Article…)."""
    to, cc = audience(post)
    document: Document = {
        "id": post.uri,
        "type": "Question" if post.poll else post.kind,
        "attributedTo": post.author.uri,
        "to": to,
        "cc": cc,
        "content": post.content,
        "url": post.url,
        "published": vocabulary.datetime_out(post.published_at),
        "sensitive": post.sensitive,
        "inReplyTo": post.in_reply_to_uri,
        "context": post.context_uri or site.address(f"/contexts/{post.thread_id}"),
        "conversation": post.context_uri or site.address(f"/contexts/{post.thread_id}"),
        "tag": [*_mention_tags(post), *_hashtags(post)],
        "attachment": [as_attachment(medium) for medium in post.media],
        "replies": as_first_page(f"{post.uri}/replies"),
        "likes": f"{post.uri}/likes",
        "shares": f"{post.uri}/shares",
    }
    if post.language:
        document["contentMap"] = {post.language: post.content}
    if post.warning:
        document["summary"] = post.warning
    if post.title:
        document |= {"name": post.title, "summary": post.summary or post.warning}
    if post.source:
        document["source"] = {"content": post.source, "mediaType": "text/plain"}
    if post.edited_at:
        document["updated"] = vocabulary.datetime_out(post.edited_at)
    if post.poll:
        document |= _as_question(post)
    return document | post.details


def as_first_page(address: str) -> Document:
    return {
        "id": address,
        "type": "Collection",
        "first": {"type": "CollectionPage", "partOf": address, "next": f"{address}?page=true", "items": []},
    }


def _mention_tags(post: Post) -> list[Document]:
    return [
        {"type": "Mention", "href": mention.account.uri, "name": f"@{mention.account.full_handle}"}
        for mention in post.mentions
        if not mention.silent
    ]


def _hashtags(post: Post) -> list[Document]:
    return [
        {"type": "Hashtag", "href": site.address(f"/tags/{quote(text.fold_tag(tag))}"), "name": f"#{tag}"}
        for tag in post.tags
    ]


def as_attachment(medium: Medium) -> Document:
    document: Document = {
        "type": {"image": "Image", "video": "Video", "audio": "Audio"}.get(medium.kind, "Document"),
        "mediaType": medium.media_type,
        "url": media.address(medium),
        "name": medium.description or None,
        "blurhash": medium.blurhash,
        "width": medium.width,
        "height": medium.height,
        "focalPoint": medium.focus,
        "size": medium.size,
        "digestMultibase": medium.digest,
    }
    return {name: value for name, value in document.items() if value is not None}


def _as_question(post: Post) -> Document:
    poll = post.poll
    assert poll is not None
    options = [
        {"type": "Note", "name": option, "replies": {"type": "Collection", "totalItems": count}}
        for option, count in zip(poll.options, poll.counts, strict=True)
    ]
    document: Document = {"anyOf" if poll.multiple else "oneOf": options, "votersCount": poll.voters_count}
    if poll.ends_at:
        document["endTime"] = vocabulary.datetime_out(poll.ends_at)
    if poll.closed_at:
        document["closed"] = vocabulary.datetime_out(poll.closed_at)
    return document


def as_create(post: Post) -> Document:
    to, cc = audience(post)
    published = vocabulary.datetime_out(post.published_at)
    return outbox.wrap(
        "Create", post.author, as_object(post), uri=f"{post.uri}/activity", to=to, cc=cc, published=published
    )


# --- from the wire -------------------------------------------------------------------------------------------------


def as_draft(obj: vocabulary.Object, author: Account, *, fresh: bool = True) -> Draft:
    """What was received, as something to publish: cleaned, limited, with the people and posts that are known."""
    tagged = known.among([mention.href for mention in obj.mentions])
    nobody = {vocabulary.PUBLIC, author.followers_uri}
    addressed = known.among([uri for uri in (*obj.to, *obj.cc) if uri not in nobody])
    answered = obj.in_reply_to if obj.in_reply_to != obj.id else None
    parent = posts.by_uri(answered) if answered else None
    limits = site.settings()
    return Draft(
        content=text.clean(obj.content or obj.preview or "", limit=limits.limits_html),
        kind=obj.type,
        title=text.plain(obj.name)[: limits.limits_name] if obj.name else None,
        summary=text.clean(obj.summary) if obj.summary else None,
        warning=(obj.warning or "")[: limits.limits_post_characters],
        sensitive=obj.sensitive or bool(obj.warning),
        language=obj.language,
        visibility=vocabulary.visibility(obj.to, obj.cc, author.followers_uri),
        in_reply_to=parent,
        in_reply_to_uri=answered,
        mentions=tuple(tagged),
        silent_mentions=tuple(each for each in addressed if each not in tagged and each.id != author.id),
        tags=obj.hashtags,
        emojis=tuple(asdict(emoji) for emoji in obj.emojis),
        media=tuple(_medium(each) for each in obj.attachments[: limits.limits_attachments]),
        poll=_poll(obj.poll) if obj.poll else None,
        link=obj.link,
        quote_uri=obj.quote,
        context_uri=obj.context,
        details=_details(obj),
        uri=obj.id,
        url=obj.url,
        published_at=min(obj.published or clock.now(), clock.now()),
        edited_at=min(obj.updated, clock.now()) if obj.updated and obj.updated != obj.published else None,
        fresh=fresh,
    )


def _medium(attachment: vocabulary.Attachment) -> MediumDraft:
    return MediumDraft(
        url=attachment.url,
        kind=attachment.kind,
        media_type=attachment.media_type,
        description=text.plain(attachment.name or "")[:10_000],
        blurhash=attachment.blurhash,
        width=attachment.width,
        height=attachment.height,
        focus=attachment.focal_point,
        size=attachment.size,
        digest=attachment.digest,
    )


def _poll(poll: vocabulary.Poll) -> PollDraft:
    return PollDraft(
        options=tuple(option.name for option in poll.options),
        multiple=poll.multiple,
        ends_at=poll.ends_at,
        closed_at=poll.closed_at or (clock.now() if poll.closed else None),
        counts=tuple(option.votes for option in poll.options),
        voters_count=poll.voters or 0,
    )


def _details(obj: vocabulary.Object) -> Document:
    """What an Event says of its date and place."""
    if obj.start is None:
        return {}
    details: Document = {"startTime": vocabulary.datetime_out(obj.start)}
    if obj.end:
        details["endTime"] = vocabulary.datetime_out(obj.end)
    if obj.location:
        place = {key: value for key, value in asdict(obj.location).items() if value is not None}
        details["location"] = {"type": "Place", **place}
    return details


def receive_create(activity: vocabulary.Activity, sender: Account) -> None:
    """A new post by its author; anything else is fetched where it comes from, never believed."""
    obj = _embedded(activity, sender)
    if obj is None:
        if activity.object and activity.object.id and _is_for_us([*activity.to, *activity.cc], sender):
            known.post(activity.object.id)
        return
    if obj.attributed_to != sender.uri:
        raise errors.Refused("Only its author may publish a post.")
    if obj.is_vote:
        receive_vote(obj, sender)
    elif not posts.is_buried(obj.id, sender.uri) and _concerns_us(obj, activity, sender):
        post = posts.publish(sender, as_draft(obj, sender))
        forward(activity, post)


def _embedded(activity: vocabulary.Activity, sender: Account) -> vocabulary.Object | None:
    """The object when it came with the activity, from its own server; None when it must be asked for there."""
    if activity.object is None:
        raise errors.Invalid(f"This {activity.type} does not say of what.")
    document = activity.object.document
    if document is None or "type" not in document or not vocabulary.same_origin(activity.object.id, sender.uri):
        return None
    return vocabulary.read_object(document, activity)


def receive_vote(obj: vocabulary.Object, sender: Account) -> None:
    """Only the server that holds the poll counts; what looks like a vote is never a post."""
    post = posts.by_uri(obj.in_reply_to or "")
    if post is None or not post.local or post.poll is None:
        raise errors.Refused("A vote goes to the server that holds the poll.")
    places = [place for place, option in enumerate(post.poll.options) if option.strip() == obj.name]
    if not places:
        raise errors.Refused("There is no such answer.")
    polls.vote(sender, post, places[:1], uri=obj.id)


def _concerns_us(obj: vocabulary.Object, activity: vocabulary.Activity, sender: Account) -> bool:
    """Whether anybody here follows its author, is addressed by it, or follows whom it answers; else it is not kept."""
    answered = posts.by_uri(obj.in_reply_to) if obj.in_reply_to else None
    if answered is not None and (answered.local or known.is_followed(answered.author_id)):
        return True
    addressed = [*obj.to, *obj.cc, *activity.to, *activity.cc, *(mention.href for mention in obj.mentions)]
    return _is_for_us(addressed, sender)


def _is_for_us(addressed: list[str], sender: Account) -> bool:
    """Whether somebody here follows the sender, or is addressed and has not sent the sender away."""
    if known.is_followed(sender.id):
        return True
    here = [account for account in known.among([uri for uri in addressed if site.is_here(uri)]) if account.active]
    return any(blocks.find(account, sender) is None for account in here)


def receive_update(activity: vocabulary.Activity, sender: Account) -> None:
    """Only its author changes a post; a change that comes before the post itself is the post as it is now."""
    obj = _embedded(activity, sender)
    post = posts.by_uri((activity.object.id if activity.object else None) or "")
    if post is not None and post.author_id != sender.id:
        raise errors.Refused("Only its author may change a post.")
    if obj is not None and obj.attributed_to is None:
        obj = None  # a part of it: the whole is read at its own place
    if post is None:
        if obj is not None:
            receive_create(activity, sender)
    elif obj is None:
        known.ask_for("post", post.uri)
    else:
        revise(obj, post, said_at=activity.published)
        forward(activity, post, to_boosters=True)


def revise(obj: vocabulary.Object, post: Post, *, said_at: datetime | None = None) -> None:
    """Take over what the author's server says of a known post now; an older word never undoes a newer one.

    `said_at` is when it was said, for software that does not date its edits.
    """
    if obj.attributed_to != post.author.uri or obj.id != post.uri:
        raise errors.Refused("Only its author may change a post.")
    draft = as_draft(obj, post.author)
    if draft.edited_at is None and said_at is not None and said_at > (draft.published_at or said_at):
        draft = replace(draft, edited_at=min(said_at, clock.now()))
    if draft.edited_at and post.edited_at and draft.edited_at < post.edited_at:
        return
    if post.poll and draft.poll:
        polls.revise(post.poll, draft.poll)
        if draft.edited_at is None and post.edited_at is not None:
            return  # new counts, told in the words of before the edit
    posts.edit(post, draft)


def receive_delete(activity: vocabulary.Activity, sender: Account) -> None:
    """Only its author deletes a post; one that we never saw must not come later."""
    uri = activity.object.id if activity.object else None
    if not uri or not vocabulary.same_origin(uri, sender.uri):
        raise errors.Refused("Only its author may delete a post.")
    post = posts.by_uri(uri)
    if post is None:
        posts.bury(uri, sender.uri)
    elif post.author_id != sender.id:
        raise errors.Refused("Only its author may delete a post.")
    elif post.boost_of_id:
        posts.unboost(post)
    else:
        forward(activity, post, to_boosters=True)
        posts.delete(post)


def forward(activity: vocabulary.Activity, post: Post, *, to_boosters: bool = False) -> None:
    """Pass what was said of a post on to the followers of whom it answers (ActivityPub 7.1.2), or of who boosted it.

    Only what carries its author's proof (FEP-8b32): nobody has to take our word for it.
    """
    if not post.is_public or proofs.verification_method(activity.document) is None:
        return
    answered = post.in_reply_to
    known_by = [answered.author] if answered is not None and answered.local and answered.is_public else []
    if to_boosters:
        boosts = sa.select(Post.author_id).where(Post.boost_of_id == post.id, Post.local)
        known_by += session.scalars(sa.select(Account).where(Account.id.in_(boosts)).limit(BOOSTERS_TOLD))
    for account in known_by:
        outbox.send(activity.document, account, followers=True, as_it_is=True, without=urlsplit(post.author.uri).netloc)


# --- sending -------------------------------------------------------------------------------------------------------


def readers(post: Post) -> list[Account]:
    """Whom a post is for besides followers: the mentioned, and whoever wrote what it answers."""
    found = [mention.account for mention in post.mentions]
    if post.in_reply_to is not None and post.is_public:
        found.append(post.in_reply_to.author)
    return found


def _to_followers(visibility_: str) -> bool:
    return visibility_ != Visibility.DIRECT


def send_create(fact: posts.PostPublished) -> None:
    post = posts.by_id(fact.post_id)
    if post is None or not post.local or not post.author.active:
        return
    outbox.send(
        as_create(post),
        post.author,
        to=readers(post),
        followers=_to_followers(post.visibility),
        digest=post.visibility == Visibility.FOLLOWERS,
    )


def send_update(fact: posts.PostEdited | polls.PollClosed) -> None:
    post = posts.by_id(fact.post_id)
    if post is None or not post.local:
        return
    to, cc = audience(post)
    stamp = int((post.edited_at or clock.now()).timestamp() * 1000)
    document = outbox.wrap("Update", post.author, as_object(post), uri=f"{post.uri}#updates/{stamp}", to=to, cc=cc)
    others = [*readers(post), *_voters(post)]
    outbox.send(document, post.author, to=others, followers=_to_followers(post.visibility))


def send_poll(fact: polls.VoteCast) -> None:
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
        to, cc = audience(post)
        stamp = int(clock.now().timestamp() * 1000)
        document = outbox.wrap("Update", post.author, as_object(post), uri=f"{post.uri}#counts/{stamp}", to=to, cc=cc)
        others = [*readers(post), *_voters(post)]
        outbox.send(document, post.author, to=others, followers=_to_followers(post.visibility))


def as_vote(vote: Vote, voter: Account, post: Post) -> Document:
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


def _voters(post: Post) -> list[Account]:
    if post.poll is None:
        return []
    chosen = sa.select(Vote.account_id).where(Vote.poll_id == post.poll.id)
    return list(session.scalars(sa.select(Account).where(Account.id.in_(chosen), ~Account.local)))


def send_delete(fact: posts.PostDeleted) -> None:
    author = accounts.get(fact.author_id)
    if not author.local:
        return
    to = [vocabulary.PUBLIC] if fact.visibility in (Visibility.PUBLIC, Visibility.UNLISTED) else []
    told = list(session.scalars(sa.select(Account).where(Account.id.in_(fact.reader_ids))))
    tombstone = {"id": fact.uri, "type": "Tombstone"}
    cc = [author.followers_uri or ""] if _to_followers(fact.visibility) else [each.uri for each in told]
    document = outbox.wrap("Delete", author, tombstone, uri=f"{fact.uri}#delete", to=to, cc=cc)
    outbox.send(document, author, to=told, followers=_to_followers(fact.visibility))


def fill_thread(fact: posts.PostPublished) -> None:
    """When a new post answers one that we do not know, the thread is asked for."""
    post = posts.by_id(fact.post_id)
    if post and fact.fresh and not post.local and post.in_reply_to_uri and post.in_reply_to_id is None:
        known.ask_for("thread", post.uri)


def may_fetch(viewer: Account | None, identifier: int) -> Post:
    """A local post that this signer may see; NotFound whether hidden or not there, Gone when it was deleted."""
    post = session.scalar(
        sa.select(Post).where(Post.id == identifier, Post.local, visibility.visible(viewer), Post.boost_of_id.is_(None))
    )
    if post is None:
        if posts.was_public(site.post_uri(identifier)):
            raise errors.Gone("This post was deleted.")
        raise errors.NotFound("There is no such post.")
    return post
