"""One's own account: what it says, its pictures, how its posts begin, how one reads."""

from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from fediterr.accounts import preferences
from fediterr.accounts.models import Account, User
from fediterr.core import db, errors
from fediterr.mastodon import accounts as people
from fediterr.mastodon import entities, routes
from fediterr.mastodon.params import Params
from fediterr.mastodon.viewer import Viewer
from fediterr.social import follows, media, profiles

BESIDE = 64 * 1024  # bytes of a form besides its pictures
SENT_AS = {"icon": "avatar", "image": "header"}


@routes.get("/api/v1/accounts/verify_credentials", "read:accounts profile")
def verify_credentials() -> Any:
    return _own()


@routes.put("/api/v1/accounts/update_credentials", "write:accounts")
def update_credentials() -> Any:
    """Change what one's profile says and how one's posts begin; what is not sent stays as it is."""
    _change()
    return _own()


@routes.get("/api/v1/profile", "read:accounts")
def profile() -> Any:
    return _profile(routes.me())


@routes.put("/api/v1/profile", "write:accounts")
def change_profile() -> Any:
    _change()
    return _profile(routes.me())


@routes.delete("/api/v1/profile/avatar", "write:accounts")
def remove_avatar() -> Any:
    profiles.take_down(routes.me(), "icon")
    return _own()


@routes.delete("/api/v1/profile/header", "write:accounts")
def remove_header() -> Any:
    profiles.take_down(routes.me(), "image")
    return _own()


@routes.get("/api/v1/preferences", "read:accounts")
def preferred() -> Any:
    me = routes.me()
    wanted = preferences.of(_user())
    return {
        "posting:default:visibility": wanted.visibility,
        "posting:default:sensitive": wanted.sensitive,
        "posting:default:language": me.language,
        "posting:default:quote_policy": wanted.quote_policy,
        "reading:expand:media": wanted.expand_media,
        "reading:expand:spoilers": wanted.expand_spoilers,
        "reading:autoplay:gifs": wanted.autoplay_gifs,
    }


def _user() -> User:
    held = routes.token()
    assert held is not None
    assert held.user is not None  # whoever holds a token is a user
    return held.user


def _own() -> entities.Entity:
    me = routes.me()
    return entities.own_account(_user(), Viewer.of(me, people=[me]), requests=follows.count_requests(me))


def _change() -> None:
    pictures = _develop()
    me, sent = routes.me(), routes.sent()
    begin = sent.part("source")
    wanted = profiles.Profile(
        display_name=sent.text("display_name"),
        note=sent.text("note"),
        locked=sent.flag("locked"),
        bot=sent.flag("bot"),
        discoverable=sent.flag("discoverable"),
        indexable=sent.flag("indexable"),
        hide_collections=sent.flag("hide_collections"),
        show_media=sent.flag("show_media"),
        show_media_replies=sent.flag("show_media_replies"),
        show_featured=sent.flag("show_featured"),
        attribution_domains=tuple(sent.texts("attribution_domains")) if "attribution_domains" in sent else None,
        fields=_fields(sent),
        language=begin.text("language"),
        icon=pictures.get("icon"),
        icon_description=sent.text("avatar_description"),
        image=pictures.get("image"),
        image_description=sent.text("header_description"),
    )
    if wanted != profiles.Profile():
        profiles.change(me, wanted)
    preferences.change(
        _user(),
        visibility=begin.text("privacy"),
        sensitive=begin.flag("sensitive"),
        quote_policy=begin.text("quote_policy"),
    )


def _fields(sent: Params) -> tuple[tuple[str, str], ...] | None:
    if "fields_attributes" not in sent:
        return None
    return tuple((each.text("name") or "", each.text("value") or "") for each in sent.parts("fields_attributes"))


def _develop() -> dict[str, media.Kept]:
    """The pictures that were sent, checked and drawn anew outside of the unit of work."""
    request.max_content_length = len(SENT_AS) * profiles.PICTURE + BESIDE
    if request.mimetype != "multipart/form-data":
        return {}
    media.admit(routes.me())
    with db.aside():
        try:
            parts = {place: request.files.get(name) for place, name in SENT_AS.items()}
        except RequestEntityTooLarge:
            raise errors.TooLarge(f"A picture has at most {profiles.PICTURE >> 20} MiB.") from None
        return {
            place: profiles.develop(place, part.stream.read(profiles.PICTURE + 1), part.filename or "")
            for place, part in parts.items()
            if part is not None and part.filename is not None
        }


def _profile(me: Account) -> entities.Entity:
    """The profile as its owner edits it: as typed, and as shown."""
    shown = entities.account(me, Viewer.of(me, people=[me]))
    kept = (
        "id", "display_name", "avatar_description", "header_description", "locked", "bot", "hide_collections",
        "discoverable", "indexable", "show_media", "show_media_replies", "show_featured",
    )  # fmt: skip
    return {
        **{name: shown[name] for name in kept},
        "note": me.summary_source,
        "fields": [entities.field(each, "source") for each in me.fields],
        "formatted_note": me.summary,
        "formatted_fields": shown["fields"],
        "avatar": me.icon_url,
        "avatar_static": me.icon_still_url or me.icon_url,
        "header": me.image_url,
        "header_static": me.image_still_url or me.image_url,
        "attribution_domains": me.attribution_domains,
        "featured_tags": people.shown_tags(me),
    }
