"""What this server is and allows, for applications that adapt to it."""

import importlib.metadata
from typing import Any

import sqlalchemy as sa
from babel import Locale

from fediterr.accounts import registration, visits
from fediterr.accounts.models import Account, Role, User
from fediterr.core import filetypes, site, webpush
from fediterr.core.db import session
from fediterr.mastodon import drafts, entities, routes
from fediterr.mastodon.viewer import Viewer
from fediterr.moderation import figures, rules, texts
from fediterr.moderation.models import Rule
from fediterr.social import emojis, media, posts, profiles, tags
from fediterr.social.models import Emoji

LEVEL = "4.5.0"  # of the API: clients switch features by it
SOURCE = "https://github.com/fediterr/fediterr"
LANGUAGES = ["fr", "en"]


def version() -> str:
    return f"{LEVEL} (compatible; fediterr {importlib.metadata.version('fediterr')})"


@routes.get("/api/v1/instance", routes.PUBLIC)
def first() -> Any:
    """The older form."""
    settings, limits = site.settings(), _limits()
    return {
        "uri": settings.handle_domain,
        "title": settings.name,
        "short_description": settings.description,
        "description": settings.description,
        "email": settings.contact_email,
        "version": version(),
        "urls": {"streaming_api": site.settings().streaming_url},
        "stats": _figures(),
        "thumbnail": site.address("/static/header.png"),
        "languages": LANGUAGES,
        "registrations": registration.is_open(),
        "approval_required": settings.registrations == "approval",
        "invites_enabled": settings.registrations == "invite",
        "configuration": {name: limits[name] for name in ("accounts", "statuses", "media_attachments", "polls")},
        "contact_account": _contact(),
        "rules": [rule(each) for each in rules.listed()],
    }


@routes.get("/api/v1/custom_emojis", routes.PUBLIC)
def custom_emojis() -> Any:
    """The emojis that one may write here."""
    return [emoji(each) for each in emojis.listed()]


def emoji(each: Emoji) -> entities.Entity:
    """A custom emoji of here."""
    address = media.address(each.medium)
    shown = {"shortcode": each.shortcode, "url": address, "static_url": address, "visible_in_picker": True}
    return {**shown, "category": each.category}


def rule(each: Rule) -> entities.Entity:
    return {"id": str(each.id), "text": each.text, "hint": each.hint, "translations": each.translations}


@routes.get("/api/v2/instance", routes.PUBLIC)
def second() -> Any:
    settings = site.settings()
    thumbnail = site.address("/static/header.png")
    return {
        "domain": settings.handle_domain,
        "title": settings.name,
        "version": version(),
        "source_url": SOURCE,
        "description": settings.description,
        "usage": {"users": {"active_month": visits.active_lately()}},
        "thumbnail": {"url": thumbnail, "blurhash": None, "versions": {"@1x": thumbnail}, "description": ""},
        "icon": [],
        "languages": LANGUAGES,
        "configuration": {
            "urls": {"streaming": site.settings().streaming_url, "status": None, "about": site.address("/about")}
            | {"privacy_policy": site.address("/about#privacy"), "terms_of_service": _terms_address()},
            "vapid": {"public_key": webpush.public_key(settings.secret_key)},
            **_limits(),
            "translation": {"enabled": False},
            "limited_federation": settings.federation_mode == "allowlist",
            "timelines_access": {
                "live_feeds": {"local": "public", "remote": "public"},
                "hashtag_feeds": {"local": "public", "remote": "public"},
                "trending_link_feeds": {"local": "public", "remote": "public"},
            },
        },
        "registrations": {
            "enabled": registration.is_open(),
            "approval_required": settings.registrations == "approval",
            "reason_required": settings.registrations == "approval",
            "message": None,
            "min_age": None,
            "url": site.address("/inscription") if settings.registrations != "closed" else None,
        },
        "api_versions": {"mastodon": 7},
        "contact": {"email": settings.contact_email, "account": _contact()},
        "rules": [rule(each) for each in rules.listed()],
        "wrapstodon": None,
    }


def _terms_address() -> str | None:
    return site.address("/about#terms") if texts.all_terms() else None


def language_name(code: str) -> str:
    """The name of a language, in the language of this server."""
    return str(Locale(site.settings().language).languages.get(code.partition("-")[0], ""))


def _limits() -> dict[str, Any]:
    settings = site.settings()
    return {
        "accounts": {
            "max_featured_tags": tags.FEATURED,
            "max_pinned_statuses": posts.PINS,
            "max_profile_fields": profiles.LINES,
            "profile_field_name_limit": profiles.LINE,
            "profile_field_value_limit": profiles.LINE,
            "max_display_name_length": profiles.NAME,
            "max_note_length": profiles.NOTE,
            "max_avatar_description_length": media.DESCRIPTION,
            "max_header_description_length": media.DESCRIPTION,
        },
        "statuses": {
            "max_characters": settings.limits_post_characters,
            "max_media_attachments": settings.limits_media_per_post,
            "characters_reserved_per_url": 23,
        },
        "media_attachments": {
            "supported_mime_types": [*filetypes.BY_MEDIA_TYPE, *filetypes.ALSO_TAKEN],
            "description_limit": media.DESCRIPTION,
            "image_size_limit": settings.limits_media,
            "image_matrix_limit": settings.limits_media_pixels,
            "video_size_limit": settings.limits_media,
            "video_frame_rate_limit": media.FRAME_RATE,
            "video_matrix_limit": settings.limits_video_pixels,
        },
        "polls": {
            "max_options": settings.limits_poll_options_local,
            "max_characters_per_option": drafts.OPTION,
            "min_expiration": drafts.SHORTEST,
            "max_expiration": drafts.MONTH,
        },
    }


def _figures() -> dict[str, int]:
    """People and posts of here, servers known."""
    found = figures.standing()
    return {"user_count": found.people, "status_count": found.posts, "domain_count": found.servers}


def _contact() -> entities.Entity | None:
    """The first administrator."""
    admins = sa.select(Account).join(User, User.account_id == Account.id).where(User.role == Role.ADMIN)
    found = session.scalar(admins.order_by(User.id).limit(1))
    return entities.account(found, Viewer.of(None, people=[found])) if found else None
