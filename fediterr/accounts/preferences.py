"""How somebody's posts begin, and how they want to read: what applications ask, and posts go by."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from fediterr.accounts.models import User
from fediterr.core import errors

VISIBILITIES = ("public", "unlisted", "private", "direct")  # in the words of the Mastodon API, for posts to begin with
QUOTE_POLICIES = ("public", "followers", "nobody")
MEDIA = ("default", "show_all", "hide_all")


@dataclass(frozen=True)
class Preferences:
    visibility: str = "public"
    sensitive: bool = False
    quote_policy: str = "public"
    expand_media: str = "default"
    expand_spoilers: bool = False
    autoplay_gifs: bool = False
    languages: tuple[str, ...] = ()  # of posts in public lists; none: all


_CHOICES = {"visibility": VISIBILITIES, "quote_policy": QUOTE_POLICIES, "expand_media": MEDIA}
_NAMES = {"visibility": "Default privacy", "quote_policy": "Default quote policy", "expand_media": "Display media"}


def of(user: User | None) -> Preferences:
    """What a user prefers; what everybody does for whom that was never asked."""
    kept: dict[str, Any] = user.preferences if user else {}
    found = {name: kept[name] for name in asdict(Preferences()) if name in kept}
    return Preferences(**found | {"languages": tuple(found.get("languages", ()))})


def change(user: User, **wanted: str | bool | tuple[str, ...] | None) -> None:
    """Prefer this from now on; None leaves a thing as it is. Raises Invalid."""
    said = {name: value for name, value in wanted.items() if value is not None}
    for name, choices in _CHOICES.items():
        if said.get(name, choices[0]) not in choices:
            raise errors.Invalid(f"{_NAMES[name]} is not included in the list")
    if said:
        user.preferences = {**user.preferences, **asdict(replace(of(user), **said))}  # type: ignore[arg-type]
