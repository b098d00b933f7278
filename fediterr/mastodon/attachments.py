"""Files of posts as the client API shows them."""

from typing import Any

from fediterr.social import media
from fediterr.social.models import Medium

Entity = dict[str, Any]

SHOWN = {"image", "gifv", "video", "audio"}


def medium(each: Medium) -> Entity:
    """An attachment; what no client can show is "unknown" and leads to its own place."""
    meta: Entity = {}
    if each.width and each.height:
        meta["original"] = _size(each.width, each.height)
        meta["small"] = _size(each.preview_width or each.width, each.preview_height or each.height)
    elif each.preview_width and each.preview_height:
        meta["small"] = _size(each.preview_width, each.preview_height)
    if each.measures is not None:
        meta["original"] = _measured(each, each.measures)
    if each.focus:
        meta["focus"] = {"x": each.focus[0], "y": each.focus[1]}
    return {
        "id": str(each.id),
        "type": each.kind if each.kind in SHOWN else "unknown",
        "url": media.address(each) if each.path or each.remote_url else None,
        "preview_url": media.preview_address(each),
        "remote_url": each.remote_url,
        "preview_remote_url": None,
        "text_url": None,
        "meta": meta,
        "description": each.description or None,
        "blurhash": each.blurhash,
    }


def _size(width: int, height: int) -> Entity:
    return {"width": width, "height": height, "size": f"{width}x{height}", "aspect": width / height}


def _measured(each: Medium, measures: Entity) -> Entity:
    """Of a film its size and how fast it goes, of a film and a sound how long they last."""
    seen: Entity = {"width": each.width, "height": each.height} if each.width else {}
    names = ("frame_rate", "duration", "bitrate") if each.width else ("duration", "bitrate")
    return seen | {name: measures[name] for name in names if name in measures}
