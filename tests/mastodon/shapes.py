"""What each entity has, key by key and type by type, as Mastodon 4.5 documents it."""

import re
from typing import Any

ID = re.compile(r"\d+")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
ADDRESS = re.compile(r"https?://\S+")

EMOJI = {"shortcode": str, "url": ADDRESS, "static_url": ADDRESS, "visible_in_picker": bool}
FIELD = {"name": str, "value": str, "verified_at": (MOMENT, None)}
ACCOUNT: dict[str, Any] = {
    "id": ID, "username": str, "acct": str, "url": ADDRESS, "uri": ADDRESS, "display_name": str, "note": str,
    "avatar": ADDRESS, "avatar_static": ADDRESS, "header": ADDRESS, "header_static": ADDRESS, "locked": bool,
    "fields": [FIELD], "emojis": [EMOJI], "bot": bool, "group": bool, "discoverable": bool, "indexable": bool,
    "noindex": bool, "memorial": bool, "hide_collections": bool, "created_at": MOMENT, "last_status_at": (DAY, None),
    "statuses_count": int, "followers_count": int, "following_count": int, "avatar_description": str,
    "header_description": str, "show_media": bool, "show_media_replies": bool, "show_featured": bool,
    "feature_approval": {"automatic": [str], "manual": [str], "current_user": str},
}  # fmt: skip
LOCAL_ACCOUNT = {**ACCOUNT, "roles": [dict]}
SOURCE = {
    "privacy": str, "sensitive": bool, "language": (str, None), "note": str, "fields": [FIELD], "indexable": bool,
    "follow_requests_count": int, "hide_collections": bool, "discoverable": bool, "attribution_domains": [str],
    "quote_policy": str,
}  # fmt: skip
ROLE = {
    "id": re.compile(r"-?\d+"), "name": str, "permissions": ID, "color": str, "highlighted": bool,
    "collection_limit": int,
}  # fmt: skip
OWN_ACCOUNT = {**LOCAL_ACCOUNT, "source": SOURCE, "role": ROLE}

FEATURED_TAG = {"id": ID, "name": str, "url": ADDRESS, "statuses_count": ID, "last_status_at": (DAY, None)}
PROFILE = {
    "id": ID, "display_name": str, "note": str, "fields": [FIELD], "formatted_note": str, "formatted_fields": [FIELD],
    "avatar": (ADDRESS, None), "avatar_static": (ADDRESS, None), "avatar_description": str, "header": (ADDRESS, None),
    "header_static": (ADDRESS, None), "header_description": str, "locked": bool, "bot": bool, "hide_collections": bool,
    "discoverable": bool, "indexable": bool, "show_media": bool, "show_media_replies": bool, "show_featured": bool,
    "attribution_domains": [str], "featured_tags": [FEATURED_TAG],
}  # fmt: skip
SUGGESTION = {"source": str, "sources": [str], "account": LOCAL_ACCOUNT}

MENTION = {"id": ID, "username": str, "url": ADDRESS, "acct": str}
TAG = {"name": str, "url": ADDRESS}
DAY_OF_USE = {"day": re.compile(r"\d+"), "uses": re.compile(r"\d+"), "accounts": re.compile(r"\d+")}
USED_TAG = {**TAG, "id": str, "history": [DAY_OF_USE]}
REVIEWED_TAG = {
    "following": bool, "featuring": bool, "trendable": bool, "usable": bool, "requires_review": bool
}  # fmt: skip
WHOLE_TAG = {**USED_TAG, "following": bool, "featuring": bool}
COLLECTION_ITEM = {"id": ID, "account_id": ID, "state": str, "created_at": MOMENT}
COLLECTION = {
    "id": ID, "account_id": ID, "uri": ADDRESS, "url": None, "name": str, "description": str, "language": (str, None),
    "local": bool, "sensitive": bool, "discoverable": bool, "tag": (TAG, None), "created_at": MOMENT,
    "updated_at": MOMENT, "item_count": int, "items": [COLLECTION_ITEM],
}  # fmt: skip
LIST = {"id": ID, "title": str, "replies_policy": re.compile("followed|list|none"), "exclusive": bool}
MEDIUM = {
    "id": ID, "type": re.compile("image|video|gifv|audio|unknown"), "url": ADDRESS, "preview_url": (ADDRESS, None),
    "remote_url": (ADDRESS, None), "preview_remote_url": None, "text_url": None, "meta": dict,
    "description": (str, None), "blurhash": (str, None),
}  # fmt: skip
OPTION = {"title": str, "votes_count": (int, None)}
POLL = {
    "id": ID, "expires_at": (MOMENT, None), "expired": bool, "multiple": bool, "votes_count": int,
    "voters_count": int, "options": [OPTION], "emojis": [EMOJI],
}  # fmt: skip
OWN_POLL = {**POLL, "voted": bool, "own_votes": [int]}
CARD = {
    "url": ADDRESS, "title": str, "description": str, "language": (str, None), "type": re.compile("link|photo|video"),
    "author_name": str, "author_url": str, "provider_name": str, "provider_url": str, "html": str, "width": int,
    "height": int, "image": (ADDRESS, None), "image_description": str, "embed_url": str, "blurhash": (str, None),
    "published_at": (MOMENT, None), "authors": [dict],
}  # fmt: skip
TRENDING_CARD = {**CARD, "history": [DAY_OF_USE]}
APPLICATION = {"name": str, "website": (ADDRESS, None)}
_STATUS: dict[str, Any] = {
    "id": ID, "created_at": MOMENT, "in_reply_to_id": (ID, None), "in_reply_to_account_id": (ID, None),
    "sensitive": bool, "spoiler_text": str, "visibility": re.compile("public|unlisted|private|direct"),
    "language": (str, None), "uri": ADDRESS, "url": (ADDRESS, None), "replies_count": int, "reblogs_count": int,
    "favourites_count": int, "quotes_count": int, "edited_at": (MOMENT, None), "content": str, "reblog": (dict, None),
    "application": (APPLICATION, None), "media_attachments": [MEDIUM], "mentions": [MENTION], "tags": [TAG],
    "emojis": [EMOJI],
    "card": (CARD, None), "quote": None, "quote_approval": {"automatic": [str], "manual": [str], "current_user": str},
}  # fmt: skip
STATUS = {**_STATUS, "account": LOCAL_ACCOUNT, "poll": (POLL, None)}
FILTER_KEYWORD = {"id": ID, "keyword": str, "whole_word": bool}
FILTER_STATUS = {"id": ID, "status_id": ID}
MATCHED_FILTER = {
    "id": ID, "title": str, "context": [str], "expires_at": (MOMENT, None),
    "filter_action": re.compile("warn|hide|blur"),
}  # fmt: skip
FILTER = {**MATCHED_FILTER, "keywords": [FILTER_KEYWORD], "statuses": [FILTER_STATUS]}
FIRST_FILTER = {
    "id": ID, "phrase": str, "context": [str], "whole_word": bool, "expires_at": (MOMENT, None), "irreversible": bool
}  # fmt: skip
FILTER_RESULT = {"filter": MATCHED_FILTER, "keyword_matches": ([str], None), "status_matches": ([ID], None)}
_SEEN = {"favourited": bool, "reblogged": bool, "muted": bool, "bookmarked": bool, "filtered": [FILTER_RESULT]}
SEEN_STATUS = {**_STATUS, **_SEEN, "account": LOCAL_ACCOUNT, "poll": (OWN_POLL, None)}
SEEN_REMOTE_STATUS = {**SEEN_STATUS, "account": ACCOUNT}
OWN_STATUS = {**SEEN_STATUS, "pinned": bool}
EDIT = {
    "content": str, "spoiler_text": str, "sensitive": bool, "created_at": MOMENT, "account": LOCAL_ACCOUNT,
    "media_attachments": [MEDIUM], "emojis": [EMOJI],
}  # fmt: skip
SCHEDULED_POLL = {"options": [str], "expires_in": ID, "multiple": bool, "hide_totals": bool}
SCHEDULED_PARAMS = {
    "text": str, "media_ids": ([ID], None), "sensitive": bool, "spoiler_text": str, "visibility": str,
    "language": (str, None), "scheduled_at": None, "poll": (SCHEDULED_POLL, None), "idempotency": (str, None),
    "with_rate_limit": bool, "application_id": (int, None), "allowed_mentions": ([ID], None),
    "in_reply_to_id": (ID, None), "quoted_status_id": (ID, None), "quote_approval_policy": (str, None),
}  # fmt: skip
SCHEDULED = {"id": ID, "scheduled_at": MOMENT, "params": SCHEDULED_PARAMS, "media_attachments": [MEDIUM]}
RELATIONSHIP = {
    "id": ID, "following": bool, "showing_reblogs": bool, "notifying": bool, "languages": ([str], None),
    "followed_by": bool, "blocking": bool, "blocked_by": bool, "muting": bool, "muting_notifications": bool,
    "muting_expires_at": (MOMENT, None), "requested": bool, "requested_by": bool, "domain_blocking": bool,
    "endorsed": bool, "note": str,
}  # fmt: skip
NOTIFICATION_GROUP = {
    "group_key": str, "notifications_count": int, "type": str, "most_recent_notification_id": ID, "page_min_id": ID,
    "page_max_id": ID, "latest_page_notification_at": MOMENT, "sample_account_ids": [ID],
}  # fmt: skip
PARTIAL_ACCOUNT = {
    "id": ID, "acct": str, "url": ADDRESS, "avatar": ADDRESS, "avatar_static": ADDRESS, "locked": bool, "bot": bool,
}  # fmt: skip
NOTIFICATION_REQUEST = {
    "id": ID, "created_at": MOMENT, "updated_at": MOMENT, "notifications_count": ID, "account": LOCAL_ACCOUNT,
    "last_status": (dict, None),
}  # fmt: skip
_ALERTS = (
    "mention", "quote", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update", "quoted_update",
    "admin.sign_up", "admin.report",
)  # fmt: skip
PUSH_SUBSCRIPTION = {
    "id": ID, "endpoint": ADDRESS, "standard": bool, "alerts": dict.fromkeys(_ALERTS, bool), "policy": str,
    "server_key": str,
}  # fmt: skip
CONVERSATION = {"id": ID, "unread": bool, "accounts": [LOCAL_ACCOUNT], "last_status": (dict, None)}
MARKER = {"last_read_id": ID, "version": int, "updated_at": MOMENT}
NOTIFICATION = {"id": ID, "type": str, "created_at": MOMENT, "group_key": str, "account": LOCAL_ACCOUNT}
REPORT = {
    "id": ID, "action_taken": bool, "action_taken_at": (MOMENT, None), "category": str, "comment": str,
    "forwarded": bool, "created_at": MOMENT, "status_ids": [ID], "rule_ids": [ID], "target_account": LOCAL_ACCOUNT,
}  # fmt: skip

IP = {"ip": str, "used_at": MOMENT}
ADMIN_ACCOUNT = {
    "id": ID, "username": str, "domain": None, "created_at": MOMENT, "email": str, "ip": (str, None), "ips": [IP],
    "locale": str, "invite_request": (str, None), "role": ROLE, "confirmed": bool, "approved": bool, "disabled": bool,
    "suspended": bool, "silenced": bool, "sensitized": bool, "account": LOCAL_ACCOUNT,
    "created_by_application_id": (ID, None), "invited_by_account_id": (ID, None),
}  # fmt: skip
ADMIN_REMOTE_ACCOUNT = {
    **ADMIN_ACCOUNT, "domain": str, "email": None, "locale": None, "role": None, "account": ACCOUNT,
}  # fmt: skip
RULE = {"id": ID, "text": str, "hint": str, "translations": dict}
ADMIN_REPORT = {
    "id": ID, "action_taken": bool, "action_taken_at": (MOMENT, None), "category": str, "comment": str,
    "forwarded": bool, "created_at": MOMENT, "updated_at": MOMENT, "account": ADMIN_ACCOUNT,
    "target_account": ADMIN_ACCOUNT, "assigned_account": (ADMIN_ACCOUNT, None),
    "action_taken_by_account": (ADMIN_ACCOUNT, None), "statuses": [SEEN_STATUS], "rules": [RULE],
}  # fmt: skip
DOMAIN_BLOCK = {
    "id": ID, "domain": str, "digest": re.compile("[0-9a-f]{64}"), "created_at": MOMENT, "severity": str,
    "reject_media": bool, "reject_reports": bool, "private_comment": (str, None), "public_comment": (str, None),
    "obfuscate": bool,
}  # fmt: skip
ATTEMPTS = {"day": ID, "accounts": ID, "uses": ID}
EMAIL_DOMAIN_BLOCK = {"id": ID, "domain": str, "created_at": MOMENT, "history": [ATTEMPTS]}
IP_BLOCK = {
    "id": ID, "ip": str, "severity": str, "comment": str, "created_at": MOMENT, "expires_at": (MOMENT, None),
}  # fmt: skip
REACTION = {"name": str, "count": int, "me": bool}
ANNOUNCEMENT = {
    "id": ID, "content": str, "starts_at": (MOMENT, None), "ends_at": (MOMENT, None), "all_day": bool,
    "published_at": MOMENT, "updated_at": MOMENT, "read": bool, "mentions": [MENTION], "statuses": [dict],
    "tags": [TAG], "emojis": [{**EMOJI, "category": (str, None)}], "reactions": [REACTION],
}  # fmt: skip


def check(value: Any, shape: Any, where: str = "") -> None:
    """Fail unless the value has exactly this shape."""
    if isinstance(shape, tuple):
        if value is None and None in shape:
            return
        shape = shape[0]
    if shape is None:
        assert value is None, where
    elif isinstance(shape, dict):
        assert isinstance(value, dict), where
        assert set(value) == set(shape), f"{where}: {set(value) ^ set(shape)}"
        for key, part in shape.items():
            check(value[key], part, f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for each in value:
            check(each, shape[0], f"{where}[]")
    elif isinstance(shape, re.Pattern):
        assert isinstance(value, str), where
        assert shape.fullmatch(value), f"{where}: {value}"
    else:
        assert type(value) is shape, f"{where}: {value!r} is no {shape.__name__}"
