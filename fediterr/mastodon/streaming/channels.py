"""The streams one may listen to: their names, what each asks of a token, how they are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fediterr.accounts import scopes
from fediterr.core import site, text

USER, NOTIFICATIONS, DIRECT, LIST = "user", "user:notification", "direct", "list"
HASHTAG, LOCAL_HASHTAG = "hashtag", "hashtag:local"
# Which posts of the public timeline each one carries, as `timelines.public` is asked for them.
PUBLIC: dict[str, dict[str, bool]] = {
    "public": {},
    "public:media": {"media": True},
    "public:local": {"local": True},
    "public:local:media": {"local": True, "media": True},
    "public:remote": {"remote": True},
    "public:remote:media": {"remote": True, "media": True},
}
NAMES = {USER, NOTIFICATIONS, DIRECT, LIST, HASHTAG, LOCAL_HASHTAG, *PUBLIC}
LONGEST_TAG = 500


class Refusal(Exception):
    """Why somebody does not get a stream, as Mastodon words it, and the status that goes with it."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


@dataclass(frozen=True)
class Channel:
    """One stream, as somebody asked for it."""

    name: str
    tag: str = ""  # as it was written
    list_id: int = 0

    @property
    def told(self) -> list[str]:
        """How its frames name it: the application that asked finds its own words again."""
        argument = self.tag or (str(self.list_id) if self.list_id else "")
        return [self.name, argument] if argument else [self.name]

    @property
    def folded(self) -> str:
        return text.fold_tag(self.tag)


def read(name: str, sent: Mapping[str, Any]) -> Channel:
    """The stream of that name with what was sent beside it; Refusal when there is none."""
    if name not in NAMES:
        raise Refusal(400, "Unknown stream type")
    if name in (HASHTAG, LOCAL_HASHTAG):
        tag = sent.get("tag")
        if not isinstance(tag, str) or not text.fold_tag(tag) or len(tag) > LONGEST_TAG:
            raise Refusal(400, "Missing tag name parameter")
        return Channel(name, tag=tag)
    if name == LIST:
        wanted = str(sent.get("list") or "")
        if not wanted:
            raise Refusal(400, "Missing list name parameter")
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 18):
            raise Refusal(404, "Record not found")
        return Channel(name, list_id=int(wanted))
    return Channel(name)


def at(path: str, sent: Mapping[str, str]) -> str | None:
    """The name of the stream that an address stands for: `…/public/local` is `public:local`."""
    name = path.removeprefix(site.LIVE).strip("/").replace("/", ":")
    if name in PUBLIC and not name.endswith(":media") and sent.get("only_media", "").lower() in ("1", "true", "on"):
        name += ":media"
    return name if name in NAMES else None


def scope_of(name: str) -> str:
    return "read:notifications" if name == NOTIFICATIONS else "read:statuses"


def require(granted: str, name: str) -> None:
    """Refusal unless what a token was granted reaches this stream."""
    if not scopes.allow(granted, scope_of(name)):
        raise Refusal(401, "Access token does not have the required scopes")
