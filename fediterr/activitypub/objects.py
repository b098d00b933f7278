"""A post as an object: how ours looks on the wire, and what those of elsewhere become here."""

from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import known, outbox, vocabulary
from fediterr.core import clock, site, text
from fediterr.moderation import service as moderation
from fediterr.social import communities, former, media, polls, quotes
from fediterr.social.drafts import Draft, MediumDraft, PollDraft
from fediterr.social.models import Medium, Post, Visibility

Document = dict[str, Any]
WRITTEN_THERE = (Visibility.PUBLIC, Visibility.UNLISTED, Visibility.COMMUNITY)  # what stands in communities
SAID_OF_FILES = ("Image", "Document")  # Lemmy reads no other type of attachment


# --- to the wire ---------------------------------------------------------------------------------------------------


def audience(post: Post) -> tuple[list[str], list[str]]:
    """`to` and `cc` of a post of here."""
    followers = post.author.followers_uri or ""
    mentioned = [mention.account.uri for mention in post.mentions]
    group = communities.community_of(post) if post.visibility in WRITTEN_THERE else None
    there = [group.uri] if group else []
    match post.visibility:
        case Visibility.PUBLIC:
            return [vocabulary.PUBLIC, *there], [followers, *mentioned]
        case Visibility.UNLISTED:
            return [followers, *there], [vocabulary.PUBLIC, *mentioned]
        case Visibility.COMMUNITY:
            return ([group.followers_uri or "", group.uri], mentioned) if group else ([], [])
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
        "sensitive": post.veiled,
        "inReplyTo": post.in_reply_to_uri,
        "context": post.context_uri or site.address(f"/contexts/{post.thread_id}"),
        "conversation": post.context_uri or site.address(f"/contexts/{post.thread_id}"),
        "tag": [*_mention_tags(post), *_hashtags(post), *as_emojis(post.emojis), *_quote_tags(post)],
        "attachment": [as_attachment(medium) for medium in post.media],
        "replies": as_first_page(f"{post.uri}/replies"),
        "likes": f"{post.uri}/likes",
        "shares": f"{post.uri}/shares",
    }
    if group := communities.community_of(post) if post.visibility in WRITTEN_THERE else None:
        document["audience"] = group.uri
        document["attachment"] = [*_as_plain(document["attachment"]), *_as_link(post)]
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
    if post.author.also_known_as and (addresses := former.ids_of(post)):
        document["formerId"] = addresses
    return document | _as_quote(post) | {"interactionPolicy": _as_policy(post)} | post.details


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


def as_emojis(emojis: list[Any]) -> list[Document]:
    """The custom emojis that a post or a profile names."""
    return [
        {
            "type": "Emoji",
            "name": f":{emoji['shortcode']}:",
            "icon": {"type": "Image", "mediaType": emoji["media_type"], "url": emoji["url"]},
        }
        for emoji in emojis
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


def _as_plain(attachments: list[Document]) -> list[Document]:
    """Attachments in the types that all software of communities reads."""
    return [each | {"type": each["type"] if each["type"] in SAID_OF_FILES else "Document"} for each in attachments]


def _as_link(post: Post) -> list[Document]:
    """The page that a thread speaks of, where Lemmy looks for it."""
    return [{"type": "Link", "href": post.link, "mediaType": "text/html"}] if post.link else []


def _as_question(post: Post) -> Document:
    poll = post.poll
    assert poll is not None
    counts = polls.shown_counts(poll)
    options = [
        {
            "type": "Note",
            "name": option,
            "replies": {"type": "Collection"} | ({"totalItems": counts[place]} if counts else {}),
        }
        for place, option in enumerate(poll.options)
    ]
    document: Document = {"anyOf" if poll.multiple else "oneOf": options, "votersCount": poll.voters_count}
    if poll.ends_at:
        document["endTime"] = vocabulary.datetime_out(poll.ends_at)
    if poll.closed_at:
        document["closed"] = vocabulary.datetime_out(poll.closed_at)
    return document


def _stands(post: Post) -> bool:
    """Whether a post quotes, and nobody has said that it may not."""
    refused = (quotes.State.REJECTED, quotes.State.REVOKED)
    return post.quote_uri is not None and (post.quote is None or post.quote.state not in refused)


def _as_quote(post: Post) -> Document:
    """What a post quotes: the name of FEP-044f, and, unless it was refused, the names used before it."""
    if post.quote_uri is None:
        return {}
    document: Document = {"quote": post.quote_uri}
    if _stands(post):
        document |= dict.fromkeys(("quoteUrl", "quoteUri", "_misskey_quote"), post.quote_uri)
    if post.quote is not None and post.quote.state == quotes.State.ACCEPTED and post.quote.authorization_uri:
        document["quoteAuthorization"] = post.quote.authorization_uri
    return document


def _quote_tags(post: Post) -> list[Document]:
    """The same as a link to an object (FEP-e232)."""
    if not _stands(post):
        return []
    link = {"type": "Link", "mediaType": vocabulary.LD_CONTENT_TYPE, "href": post.quote_uri}
    return [{**link, "rel": "https://misskey-hub.net/ns#_misskey_quote", "name": f"RE: {post.quote_uri}"}]


def _as_policy(post: Post) -> Document:
    """Who may quote a post; its author always may."""
    people = {quotes.PUBLIC: vocabulary.PUBLIC, quotes.FOLLOWERS: post.author.followers_uri}
    at_once = [people[who] for who in (post.quote_policy or {}).get("automatic", []) if who in people]
    return {"canQuote": {"automaticApproval": at_once or [post.author.uri]}}


def as_create(post: Post) -> Document:
    to, cc = audience(post)
    published = vocabulary.datetime_out(post.published_at)
    made = as_object(post)
    create = outbox.wrap("Create", post.author, made, uri=f"{post.uri}/activity", to=to, cc=cc, published=published)
    return create | for_community(made)


def for_community(made: Document) -> Document:
    """What an activity says of the community that its object is for: Lemmy looks for it there, too."""
    return {"audience": made["audience"]} if "audience" in made else {}


def readers(post: Post) -> list[Account]:
    """Whom a post is for besides followers: the community, the mentioned, and whoever wrote what it answers.

    What is for the members of a community alone goes to it, which passes it on.
    """
    group = communities.community_of(post) if post.visibility in WRITTEN_THERE else None
    if post.visibility == Visibility.COMMUNITY:
        return [group] if group else []
    found = [mention.account for mention in post.mentions] + ([group] if group else [])
    if post.in_reply_to is not None and post.is_public:
        found.append(post.in_reply_to.author)
    return found


def to_followers(visibility_: str) -> bool:
    """Whether the followers of the author are among those a post is for."""
    return visibility_ not in (Visibility.DIRECT, Visibility.COMMUNITY)


# --- from the wire -------------------------------------------------------------------------------------------------


def as_draft(obj: vocabulary.Object, author: Account, *, fresh: bool = True, group: Account | None = None) -> Draft:
    """What was received, as something to publish: cleaned, limited, with the people and posts that are known.

    `group`: the community that passes it on; else one of here to which it is addressed.
    """
    tagged = known.among([mention.href for mention in obj.mentions])
    nobody = {vocabulary.PUBLIC, author.followers_uri}
    addressed = known.among([uri for uri in (*obj.audience, *obj.to, *obj.cc) if uri not in nobody])
    group = group or next((each for each in (*addressed, *tagged) if each.local and each.kind == Kind.GROUP), None)
    answered = obj.in_reply_to if obj.in_reply_to != obj.id else None
    parent = former.find(answered) if answered else None
    limits = site.settings()
    files = obj.attachments[: limits.limits_attachments]
    pictures = obj.emojis
    if (files or pictures) and moderation.limits_of(author).reject_media:
        files = pictures = ()
    return Draft(
        content=text.clean(obj.content or obj.preview or "", limit=limits.limits_html),
        kind=obj.type,
        title=text.plain(obj.name)[: limits.limits_name] if obj.name else None,
        summary=text.clean(obj.summary) if obj.summary else None,
        warning=(obj.warning or "")[: limits.limits_post_characters],
        sensitive=obj.sensitive or bool(obj.warning),
        language=obj.language,
        visibility=_seen_by(obj, author, group),
        community=group,
        in_reply_to=parent,
        in_reply_to_uri=answered,
        mentions=tuple(tagged),
        silent_mentions=tuple(
            each for each in addressed if each not in tagged and each.id != author.id and each is not group
        ),
        tags=obj.hashtags,
        emojis=tuple(asdict(emoji) for emoji in pictures),
        media=tuple(_medium(each) for each in files),
        poll=_poll(obj.poll) if obj.poll else None,
        link=obj.link,
        quote_uri=obj.quote if obj.quote != obj.id else None,
        quote_authorization=obj.quote_authorization,
        quote_policy=_policy(obj.quote_policy, author) if obj.quote_policy else None,
        context_uri=obj.context,
        details=_details(obj),
        uri=obj.id,
        url=obj.url,
        published_at=min(obj.published or clock.now(), clock.now()),
        edited_at=min(obj.updated, clock.now()) if obj.updated and obj.updated != obj.published else None,
        fresh=fresh,
    )


def _seen_by(obj: vocabulary.Object, author: Account, group: Account | None) -> str:
    """Who sees it; what is addressed to those in a community, and not to all, is for them alone."""
    seen_by = vocabulary.visibility(obj.to, obj.cc, author.followers_uri)
    to_members = group is not None and group.followers_uri in (*obj.to, *obj.cc)
    return Visibility.COMMUNITY if to_members and seen_by in (Visibility.FOLLOWERS, Visibility.DIRECT) else seen_by


def _policy(said: vocabulary.QuotePolicy, author: Account) -> quotes.Policy:
    """Who may quote a post of elsewhere, in our words; its author is not told apart, since they always may."""
    people = {vocabulary.PUBLIC: quotes.PUBLIC, author.followers_uri: quotes.FOLLOWERS}
    people |= {author.following_uri: quotes.FOLLOWING}

    def named(listed: tuple[str, ...]) -> list[str]:
        return list(dict.fromkeys(people.get(uri, quotes.OTHER) for uri in listed if uri != author.uri))

    return {"automatic": named(said.automatic), "manual": named(said.manual)}


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
