"""Links, pictures and files: every way software has of pointing at a page or at bytes."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from fediterr.activitypub.vocabulary import origins, shapes, words
from fediterr.activitypub.vocabulary.shapes import Document, Limits

Kind = Literal["image", "video", "audio", "document", "link"]

# Enough to know a picture from a page when no media type is given (Lemmy links to pictures so).
_EXTENSIONS: Final = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pdf": "application/pdf",
}
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_PLAYABLE_HEIGHT: Final = 720
_MAX_LINKS: Final = 64


@dataclass(frozen=True, slots=True)
class Link:
    """One address among those of a thing; sizes in pixels."""

    href: str
    media_type: str | None
    rel: tuple[str, ...]
    name: str | None
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file or a link attached to a post; sizes in pixels, focal point in -1..1, digest as multibase (FEP-1311)."""

    url: str
    media_type: str | None
    name: str | None
    kind: Kind
    width: int | None = None
    height: int | None = None
    blurhash: str | None = None
    focal_point: tuple[float, float] | None = None
    digest: str | None = None
    size: int | None = None  # bytes


def links(value: object, limits: Limits) -> list[Link]:
    """All the usable addresses in a string, a Link, an object with a `url`, or a list of them."""
    found = []
    for entry in shapes.many(value)[:_MAX_LINKS]:
        fields: Document = entry if isinstance(entry, dict) else {}
        target: Any = fields.get("href") or shapes.first(fields.get("url")) if fields else entry
        if isinstance(target, dict):
            fields, target = fields | target, target.get("href") or target.get("url")
        href = shapes.web_url(target)
        if href is None:
            continue
        found.append(
            Link(
                href=href,
                media_type=media_type(fields.get("mediaType")),
                rel=tuple(rel for rel in shapes.many(fields.get("rel"))[:8] if isinstance(rel, str) and len(rel) < 256),
                name=shapes.line(fields.get("name"), limits.name),
                width=shapes.count(fields.get("width")),
                height=shapes.count(fields.get("height")),
            )
        )
    return found


def page_and_link(url: object, uri: str, limits: Limits) -> tuple[str, str | None]:
    """The page to show for the thing named `uri`, and the foreign page it leads to if any.

    An address on another host than the id's never becomes the thing's own (security case A42): the id does.
    """
    if isinstance(url, str):
        pages = [page] if (page := shapes.web_url(url)) and not _is_media(guess(page)) else []
    else:
        pages = [link.href for link in _pages_first(links(url, limits))]
    own = next((page for page in pages if origins.same_origin(page, uri)), uri)
    return own, next((page for page in pages if not origins.same_origin(page, uri)), None)


def _pages_first(found: list[Link]) -> list[Link]:
    pages = [link for link in found if (link.media_type or "text/html") in _PAGES and not _is_media(guess(link.href))]
    return sorted(pages, key=lambda link: link.media_type is None)


def picture(value: object, limits: Limits) -> str | None:
    """The address of the largest picture given (PeerTube sends one per size)."""
    if value is None:
        return None
    found = links(value, limits)
    return max(found, key=lambda link: link.width or 0).href if found else None


def attachments(document: Document, kind: str, limits: Limits) -> tuple[Attachment, ...]:
    """What is attached, each address once; for a post that is itself a file, that file."""
    found: dict[str, Attachment] = {}
    for entry in shapes.many(document.get("attachment"))[: limits.attachments]:
        if (attached := _attachment(entry, limits)) and attached.url not in found:
            found[attached.url] = attached
    if kind in words.FILE_TYPES and (file := _own_file(document, kind, limits)):
        found.setdefault(file.url, file)
    return tuple(found.values())


def _attachment(entry: object, limits: Limits) -> Attachment | None:
    fields: Document = entry if isinstance(entry, dict) else {}
    target = next(iter(links(entry, limits)), None)
    if target is None:
        return None
    declared = shapes.type_of(fields.get("type")) if fields else "Link"
    media = target.media_type or media_type(fields.get("mediaType")) or guess(target.href)
    digest = fields.get("digestMultibase")
    return Attachment(
        url=target.href,
        media_type=media,
        name=shapes.line(fields.get("name") or fields.get("summary"), limits.description),
        kind=_kind(media, declared),
        width=shapes.count(fields.get("width")) or target.width,
        height=shapes.count(fields.get("height")) or target.height,
        blurhash=shapes.line(fields.get("blurhash"), 128),
        focal_point=_focal_point(fields.get("focalPoint")),
        size=shapes.count(fields.get("size")),
        digest=digest if isinstance(digest, str) and len(digest) <= 256 else None,
    )


def _own_file(document: Document, kind: str, limits: Limits) -> Attachment | None:
    """The bytes of a Video, Audio, Image or Document: the best one that is not too heavy (PeerTube nests the files of
    its streams in the `tag` of the playlist)."""
    candidates = links(document.get("url"), limits)
    for entry in shapes.many(document.get("url"))[:_MAX_LINKS]:
        if isinstance(entry, dict):
            candidates += links(entry.get("tag"), limits)
    found = [(link, media) for link in candidates if _is_media(media := link.media_type or guess(link.href))]
    if not found:
        return None
    light = [pair for pair in found if (pair[0].height or 0) <= _PLAYABLE_HEIGHT]
    link, media = max(light or found, key=lambda pair: (pair[0].height or 0) * (1 if light else -1))
    name = shapes.line(document.get("name"), limits.description)
    return Attachment(link.href, media, name, _kind(media, kind), link.width, link.height)


def media_type(value: object) -> str | None:
    """A media type without its parameters, in lower case."""
    if not isinstance(value, str) or not 3 <= len(value) <= 200 or "/" not in value:
        return None
    return value.partition(";")[0].strip().lower() or None


def guess(url: str) -> str | None:
    """A media type by the last letters of the path, when they tell."""
    path = url.partition("?")[0].partition("#")[0]
    return _EXTENSIONS.get(path[-6:].rpartition(".")[2].lower())


def _is_media(media: str | None) -> bool:
    return media is not None and media.startswith(("image/", "video/", "audio/", "application/pdf"))


def _kind(media: str | None, declared: str | None) -> Kind:
    match (media or "").partition("/")[0], declared:
        case ("image", _) | ("", "Image"):
            return "image"
        case ("video", _) | ("", "Video"):
            return "video"
        case ("audio", _) | ("", "Audio"):
            return "audio"
        case _, "Link" | "Page":
            return "link"
        case _:
            return "document"


def _focal_point(value: object) -> tuple[float, float] | None:
    match value:
        case [int() | float() as x, int() | float() as y] if -1 <= x <= 1 and -1 <= y <= 1:
            return float(x), float(y)
        case _:
            return None
