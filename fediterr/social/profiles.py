"""What an account of here says of itself: words, lines, pictures, and what others may find of it."""

import re
from dataclasses import dataclass

from fediterr.accounts.models import Account, Kind
from fediterr.accounts.service import AccountUpdated
from fediterr.core import domains, errors, facts, filetypes, site, text
from fediterr.core.db import session
from fediterr.social import emojis, media
from fediterr.social.models import Portrait
from fediterr.territories import faces

NAME, NOTE, LINE = 100, 2000, 255  # characters
LINES = 4
PICTURE = 8 << 20  # bytes
ATTRIBUTIONS = 100
PLACES = {"icon": "Avatar", "image": "Header"}
_DOMAIN = re.compile(r"([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}")


@dataclass(frozen=True)
class Profile:
    """Changes to a profile; None leaves a thing as it is."""

    display_name: str | None = None
    note: str | None = None
    locked: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    attribution_domains: tuple[str, ...] | None = None
    fields: tuple[tuple[str, str], ...] | None = None
    bot: bool | None = None
    language: str | None = None  # what posts are written in, unless said otherwise
    icon: media.Kept | None = None
    icon_description: str | None = None
    image: media.Kept | None = None
    image_description: str | None = None


_FLAGS = (
    "locked", "discoverable", "indexable", "hide_collections", "show_media", "show_media_replies", "show_featured",
)  # fmt: skip


def change(account: Account, profile: Profile) -> None:
    """Change what an account of here says of itself. Raises Invalid."""
    if profile.display_name is not None:
        account.display_name = profile.display_name.strip()
        _require_length("Display name", account.display_name, NAME)
    if profile.note is not None:
        _require_length("Note", profile.note, NOTE)
        account.summary_source = profile.note
        account.summary = text.compose(account.summary_source, mentions={}, tag_url=site.tag_page)
    for flag in _FLAGS:
        if (said := getattr(profile, flag)) is not None:
            setattr(account, flag, said)
    if profile.bot is not None and account.kind in (Kind.PERSON, Kind.SERVICE):
        account.kind = Kind.SERVICE if profile.bot else Kind.PERSON
    if profile.language is not None:
        account.language = text.language_tag(profile.language)
    if profile.attribution_domains is not None:
        account.attribution_domains = _attributions(profile.attribution_domains)
    if profile.fields is not None:
        account.fields = _fields(account, profile.fields)
    for place in PLACES:
        _hang(account, place, getattr(profile, place), getattr(profile, f"{place}_description"))
    lines = " ".join(f"{field['name']} {field.get('source', '')}" for field in account.fields)
    account.emojis = emojis.used_in(f"{account.display_name} {account.summary_source} {lines}")
    session.flush()
    facts.tell(AccountUpdated(account.id))


def _require_length(what: str, words: str, most: int) -> None:
    if len(words) > most:
        raise errors.Invalid(f"{what} is too long (maximum is {most} characters)")


def _attributions(wanted: tuple[str, ...]) -> list[str]:
    found = list(dict.fromkeys(domains.normal(each) for each in wanted if each.strip()))
    if len(found) > ATTRIBUTIONS:
        raise errors.Invalid(f"Attribution domains is too long (maximum is {ATTRIBUTIONS} characters)")
    for domain in found:
        if not _DOMAIN.fullmatch(domain):
            raise errors.Invalid(f"{domain[:100]} is not a domain.")
    return found


def _fields(account: Account, wanted: tuple[tuple[str, str], ...]) -> list[dict[str, object]]:
    """Lines as typed, without the empty ones; one whose value did not change keeps its proof."""
    said = [(name.strip()[:LINE], value.strip()[:LINE]) for name, value in wanted if name.strip() and value.strip()]
    if len(said) > LINES:
        raise errors.Invalid(f"Fields is too long (maximum is {LINES} characters)")
    before = {(field["name"], field.get("source")): field for field in account.fields}
    return [
        before.get(each) or {"name": each[0], "source": each[1], "value": _line(each[1]), "verified_at": None}
        for each in said
    ]


def _line(words: str) -> str:
    """What was typed as HTML that stays on one line."""
    html = text.compose(" ".join(words.split()), mentions={}, tag_url=site.tag_page)
    return html.removeprefix("<p>").removesuffix("</p>")


# --- pictures ------------------------------------------------------------------------------------------------------


def develop(place: str, data: bytes, filename: str) -> media.Kept:
    """Check a picture for a profile and put it into the store. Slow, and asks no database.

    Raises Invalid, TooMany, or StorageFull.
    """
    if len(data) > PICTURE:
        raise errors.Invalid(f"{PLACES[place]} file size must be less than {PICTURE >> 20} MB")
    found = filetypes.tell(data, filename)
    if found is None or found.kind != "image":
        raise errors.Invalid(f"{PLACES[place]} content type is invalid")
    return media.keep(data, filename)


def _hang(account: Account, place: str, kept: media.Kept | None, description: str | None) -> None:
    """Put a picture in the place of the one of before, or say anew what is to be seen on it."""
    if description is not None:
        _require_length(f"{PLACES[place]} description", description, media.DESCRIPTION)
        setattr(account, f"{place}_description", description.strip())
    if kept is not None:
        _take_down(account, place)
        medium = media.attach(account, kept)
        session.add(Portrait(account_id=account.id, place=place, medium_id=medium.id, medium=medium))
        setattr(account, f"{place}_url", media.address(medium))
        setattr(account, f"{place}_still_url", media.preview_address(medium) if medium.preview else None)


def _take_down(account: Account, place: str) -> None:
    found = session.get(Portrait, (account.id, place))
    if found is not None:
        medium = found.medium
        session.delete(found)
        session.flush()
        media.discard(medium)
    setattr(account, f"{place}_url", None)
    setattr(account, f"{place}_still_url", None)


def take_down(account: Account, place: str) -> None:
    """Have no picture in this place any more."""
    _take_down(account, place)
    setattr(account, f"{place}_description", "")
    faces.wear(account)
    session.flush()
    facts.tell(AccountUpdated(account.id))
