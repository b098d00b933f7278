"""Things as the client API shows them: plain functions from a thing and a viewer to a dictionary.

Shapes are those of Mastodon 4.5 (docs.joinmastodon.org/entities): ids are decimal strings, moments are in UTC with
milliseconds, and a key that Mastodon always sends is always here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fediterr.accounts import preferences
from fediterr.accounts.models import STAFF, Account, Kind, Role, User
from fediterr.core import markup, site, text
from fediterr.mastodon import attachments
from fediterr.mastodon.viewer import Viewer
from fediterr.moderation.models import Report
from fediterr.social import collections, filters, polls, tags
from fediterr.social.models import (
    FeaturedTag,
    Filter,
    FilterRule,
    Mute,
    Poll,
    Post,
    PreviewCard,
    Quote,
    Visibility,
)
from fediterr.social.relations import Relation

Entity = dict[str, Any]

AUTOMATED = (Kind.SERVICE, Kind.APPLICATION)
NO_AVATAR, NO_HEADER = "/avatars/original/missing.png", "/headers/original/missing.png"
SHOWN_QUOTES = {"accepted", "blocked_account", "blocked_domain", "muted_account"}
ROLES = {  # id, permission bits
    Role.ADMIN: ("3", "1"),
    Role.MODERATOR: ("2", "1048"),
    Role.MEMBER: ("-99", "0"),
    Role.GUEST: ("4", "0"),
}


def moment(value: datetime | None) -> str | None:
    """`2026-03-01T12:00:00.000Z`."""
    return value.isoformat(timespec="milliseconds")[:23] + "Z" if value else None


def _identifier(value: int | None) -> str | None:
    return str(value) if value is not None else None


# --- accounts ------------------------------------------------------------------------------------------------------


def account(person: Account, viewer: Viewer) -> Entity:
    """An account; of a suspended one only the name is left."""
    known = viewer.shown.get(person.id)
    if known is None:
        known = viewer.shown[person.id] = _account(person)
        if person.moved_to_id is not None and person.moved_to is not None:
            known["moved"] = _account(person.moved_to)
    return known


def _account(person: Account) -> Entity:
    open_ = person.suspended_at is None
    avatar = (open_ and person.icon_url) or site.address(NO_AVATAR)
    header = (open_ and person.image_url) or site.address(NO_HEADER)
    featured_by = "automatic" if person.discoverable and open_ else "denied"
    made: Entity = {
        "id": str(person.id),
        "username": person.name,
        "acct": person.handle,
        "display_name": person.display_name if open_ else "",
        "locked": person.locked,
        "bot": person.kind in AUTOMATED,
        "discoverable": person.discoverable and open_,
        "indexable": person.indexable and open_,
        "group": person.kind == Kind.GROUP,
        "created_at": f"{person.created_at:%Y-%m-%dT00:00:00.000Z}",
        "note": person.summary if open_ else "",
        "url": person.url,
        "uri": person.uri,
        "avatar": avatar,
        "avatar_static": (open_ and person.icon_url and person.icon_still_url) or avatar,
        "avatar_description": person.icon_description if open_ else "",
        "header": header,
        "header_static": (open_ and person.image_url and person.image_still_url) or header,
        "header_description": person.image_description if open_ else "",
        "followers_count": max(0, person.followers_count),
        "following_count": max(0, person.following_count),
        "statuses_count": max(0, person.posts_count),
        "last_status_at": f"{person.last_post_at:%Y-%m-%d}" if person.last_post_at else None,
        "hide_collections": person.hide_collections,
        "show_media": person.show_media,
        "show_media_replies": person.show_media_replies,
        "show_featured": person.show_featured,
        "feature_approval": {
            "automatic": ["public"] if featured_by == "automatic" else [],
            "manual": [],
            "current_user": featured_by,
        },
        "noindex": not person.indexable,
        "memorial": person.memorial,
        "emojis": emojis(person.emojis) if open_ else [],
        "fields": [field(each, "value") for each in person.fields] if open_ else [],
    }
    if person.local:
        made["roles"] = []
    if not open_:
        made["suspended"] = True
    if person.silenced_at is not None:
        made["limited"] = True
    return made


def field(field: Entity, what: str) -> Entity:
    verified = field.get("verified_at")
    return {
        "name": field["name"],
        "value": field.get(what) or field["value"],
        "verified_at": moment(datetime.fromisoformat(verified)) if verified else None,
    }


def own_account(user: User, viewer: Viewer, *, requests: int) -> Entity:
    """The account that looks, of a user or of an authority, with what is typed and how one posts there."""
    person, wanted = viewer.account or user.account, preferences.of(user)
    return {
        **account(person, viewer),
        "source": {
            "privacy": wanted.visibility,
            "sensitive": wanted.sensitive,
            "language": person.language,
            "note": person.summary_source,
            "fields": [field(each, "source") for each in person.fields],
            "follow_requests_count": requests,
            "hide_collections": person.hide_collections,
            "discoverable": person.discoverable,
            "indexable": person.indexable,
            "attribution_domains": person.attribution_domains,
            "quote_policy": wanted.quote_policy,
        },
        "role": role(user.role if person.id == user.account_id else Role.MEMBER),
    }


def role(name: str) -> Entity:
    """What somebody may do here."""
    identifier, permissions = ROLES[Role(name)]
    return {
        "id": identifier,
        "name": name if name != Role.MEMBER else "",
        "permissions": permissions,
        "color": "",
        "highlighted": name in STAFF,
        "collection_limit": collections.MOST,
    }


def featured_tag(shown: FeaturedTag, use: dict[str, tuple[int, datetime]]) -> Entity:
    """A hashtag on a profile; `use` says how often its owner wrote it, and when last."""
    number, last = use.get(shown.folded, (0, None))
    return {
        "id": str(shown.id),
        "name": shown.name,
        "url": site.tag_page(shown.folded),
        "statuses_count": str(number),
        "last_status_at": f"{last:%Y-%m-%d}" if last else None,
    }


def muted_account(mute: Mute, viewer: Viewer) -> Entity:
    return {**account(mute.target, viewer), "mute_expires_at": moment(mute.ends_at)}


def emojis(listed: list[Entity]) -> list[Entity]:
    return [
        {"shortcode": e["shortcode"], "url": e["url"], "static_url": e["url"], "visible_in_picker": False}
        for e in listed
    ]


# --- statuses ------------------------------------------------------------------------------------------------------


def statuses(posts: Sequence[Post], asker: Account | None, context: str | None = None) -> list[Entity]:
    """A page of posts, for the one who asks; in a context of filters, without what they hide there."""
    viewer = Viewer.of(asker, posts, context=context)
    return [status(post, viewer) for post in posts if context is None or not viewer.hides(post)]


def status(post: Post, viewer: Viewer, *, nested: bool = False) -> Entity:
    """A post; a boost repeats what it shows, and holds it as `reblog`. One that is quoted is nested in another."""
    if post.boost_of is not None:
        return _boost(post, status(post.boost_of, viewer), viewer)
    made: Entity = {
        "id": str(post.id),
        "created_at": moment(post.published_at),
        "in_reply_to_id": _identifier(post.in_reply_to_id),
        "in_reply_to_account_id": _identifier(post.in_reply_to_account_id),
        "sensitive": post.sensitive if viewer.account and viewer.account.id == post.author_id else post.veiled,
        "spoiler_text": post.warning,
        "visibility": _visibility(post),
        "language": post.language,
        "uri": post.uri,
        "url": post.url or post.uri,
        "replies_count": max(0, post.replies_count),
        "reblogs_count": max(0, post.boosts_count),
        "favourites_count": max(0, post.likes_count),
        "quotes_count": max(0, post.quotes_count),
        "edited_at": moment(post.edited_at),
        "content": content(post),
        "reblog": None,
        "application": post.application
        and {"name": post.application.name, "website": post.application.website or None},
        "account": account(post.author, viewer),
        "media_attachments": [attachments.medium(each) for each in post.media if each.kind != "link"],
        "mentions": [mention(each.account) for each in post.mentions if not each.silent],
        "tags": [named_tag(name) for name in post.tags],
        "emojis": emojis(post.emojis),
        "card": card(post.card) if post.card and post.card.title else None,
        "poll": poll(post.poll, viewer, post.emojis) if post.poll else None,
        "quote": _quote(post.quote, viewer, nested=nested) if post.quote_uri and post.quote else None,
        "quote_approval": {
            "automatic": [],
            "manual": [],
            **(post.quote_policy or {}),
            "current_user": viewer.around.stance(post),
        },
    }
    if viewer.account is not None:
        made["favourited"] = post.id in viewer.liked
        made["reblogged"] = post.id in viewer.boosted
        made["muted"] = (post.thread_id or post.id) in viewer.muted
        made["bookmarked"] = post.id in viewer.bookmarked
        made["filtered"] = [_filter_result(match) for match in viewer.filtered.get(post.id, ())]
        if post.author_id == viewer.account.id:
            made["pinned"] = post.id in viewer.pinned
    return made


def _quote(quote: Quote, viewer: Viewer, *, nested: bool) -> Entity:
    """What a post quotes; of a quote within a quote only where it leads."""
    if nested:
        accepted = quote.state == "accepted" and quote.quoted_id is not None
        return {"state": quote.state, "quoted_status_id": _identifier(quote.quoted_id) if accepted else None}
    quoted = quote.quoted
    state = viewer.around.state_of(quote, quoted)
    shown = quoted is not None and state in SHOWN_QUOTES
    return {"state": state, "quoted_status": status(quoted, viewer, nested=True) if quoted and shown else None}


def _boost(boost: Post, shown: Entity, viewer: Viewer) -> Entity:
    made = {
        **shown,
        "id": str(boost.id),
        "created_at": moment(boost.published_at),
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "visibility": _visibility(boost),
        "uri": boost.uri,
        "account": account(boost.author, viewer),
        "reblog": shown,
    }
    made.pop("pinned", None)
    return made


def _visibility(post: Post) -> str:
    return "private" if post.visibility in (Visibility.FOLLOWERS, Visibility.COMMUNITY) else post.visibility


def content(post: Post) -> str:
    """The HTML of a post; what has a title or speaks of a link says so, since a status has no place for either."""
    if not post.title and not post.link:
        return post.content
    title = f"<p><strong>{markup.escape(post.title)}</strong></p>" if post.title else ""
    words = post.content or (f"<p>{markup.escape(post.summary)}</p>" if post.summary else "")
    opening = markup.link(post.link) if post.link and post.link not in words else None
    link = f"<p>{opening}{markup.escape(post.link or '')}</a></p>" if opening else ""
    return title + words + link


def mention(person: Account) -> Entity:
    return {"id": str(person.id), "username": person.name, "url": person.url, "acct": person.handle}


def named_tag(name: str) -> Entity:
    return {"name": name, "url": site.tag_page(text.fold_tag(name))}


def tag(name: str, history: Sequence[tags.Day]) -> Entity:
    """A hashtag by itself, with how it was used on the last days."""
    folded = text.fold_tag(name)
    return {"id": folded, "name": name, "url": site.tag_page(folded), "history": history_of_use(history)}


def history_of_use(days: Sequence[tags.Day]) -> list[Entity]:
    return [
        {"day": str(int(each.day.timestamp())), "uses": str(each.uses), "accounts": str(each.accounts)} for each in days
    ]


def poll(asked: Poll, viewer: Viewer, pictures: list[Entity]) -> Entity:
    """A poll; `pictures` are the emojis of its post. Totals may stay hidden until it is over."""
    counts = polls.shown_counts(asked)
    made: Entity = {
        "id": str(asked.id),
        "expires_at": moment(asked.ends_at or asked.closed_at),
        "expired": polls.is_over(asked),
        "multiple": asked.multiple,
        "votes_count": sum(asked.counts),
        "voters_count": asked.voters_count,
        "options": [
            {"title": title, "votes_count": counts[place] if counts else None}
            for place, title in enumerate(asked.options)
        ],
        "emojis": emojis([each for each in pictures if any(f":{each['shortcode']}:" in o for o in asked.options)]),
    }
    if viewer.account is not None:
        chosen = viewer.votes.get(asked.id, [])
        made |= {"voted": bool(chosen) or asked.post_id in viewer.own, "own_votes": chosen}
    return made


def card(page: PreviewCard) -> Entity:
    """What the page says of itself to which a post links."""
    return {
        "url": page.url,
        "title": page.title,
        "description": page.description,
        "language": page.language,
        "type": page.kind,
        "author_name": page.author_name,
        "author_url": page.author_url,
        "provider_name": page.provider_name,
        "provider_url": page.provider_url,
        "html": "",
        "width": page.width,
        "height": page.height,
        "image": page.image_url,
        "image_description": page.image_description,
        "embed_url": page.embed_url,
        "blurhash": None,
        "published_at": moment(page.published_at),
        "authors": [],
    }


def _filter_result(match: filters.Match) -> Entity:
    return {
        "filter": _filter(match.filter),
        "keyword_matches": match.words or None,
        "status_matches": [str(identifier) for identifier in match.post_ids] or None,
    }


def _filter(each: Filter) -> Entity:
    """What the status it matches says of a filter."""
    return {
        "id": str(each.id),
        "title": each.title,
        "context": each.contexts,
        "expires_at": moment(each.ends_at),
        "filter_action": each.action,
    }


def filter_(each: Filter) -> Entity:
    """A filter with all it looks for."""
    keywords = [filter_keyword(rule) for rule in each.keywords]
    return {**_filter(each), "keywords": keywords, "statuses": [filter_status(rule) for rule in each.posts]}


def filter_keyword(rule: FilterRule) -> Entity:
    return {"id": str(rule.id), "keyword": rule.keyword, "whole_word": rule.whole_word}


def filter_status(rule: FilterRule) -> Entity:
    return {"id": str(rule.id), "status_id": str(rule.post_id)}


def source(post: Post) -> Entity:
    """What was typed, to be edited."""
    words = post.source if post.source is not None else text.plain(post.content)
    return {"id": str(post.id), "text": words, "spoiler_text": post.warning}


# --- what happens between people -----------------------------------------------------------------------------------


def relationship(relation: Relation) -> Entity:
    """What there is between the viewer and somebody."""
    follow, followed, mute = relation.follow, relation.followed, relation.mute
    following = follow is not None and follow.accepted
    return {
        "id": str(relation.target_id),
        "following": following,
        "showing_reblogs": follow is not None and following and follow.boosts,
        "notifying": follow is not None and following and follow.notify,
        "languages": follow.languages if follow is not None and following else None,
        "followed_by": followed is not None and followed.accepted,
        "blocking": relation.blocking,
        "blocked_by": relation.blocked,
        "muting": mute is not None,
        "muting_notifications": mute is not None and mute.notifications,
        "muting_expires_at": moment(mute.ends_at) if mute else None,
        "requested": follow is not None and not follow.accepted,
        "requested_by": followed is not None and not followed.accepted,
        "domain_blocking": relation.domain_hidden,
        "endorsed": relation.endorsed,
        "note": relation.note,
    }


def report(made: Report, target: Account, status_ids: list[int], viewer: Viewer) -> Entity:
    return {
        "id": str(made.id),
        "action_taken": made.resolved_at is not None,
        "action_taken_at": moment(made.resolved_at),
        "category": made.category,
        "comment": made.comment,
        "forwarded": made.forward,
        "created_at": moment(made.created_at),
        "status_ids": [str(identifier) for identifier in status_ids],
        "rule_ids": [str(identifier) for identifier in made.rule_ids],
        "target_account": account(target, viewer),
    }
